"""Tables that a contract maps onto the shared vocabulary with SQL expressions, in place of a staging model."""

from collections.abc import Iterator
from typing import TypedDict

import duckdb

from c360.core.sql import quoted
from c360.sources.contracts.contract import Contract, Feed, Mapping, Table
from c360.sources.contracts.feeds import FEED_COLUMNS
from c360.sources.contracts.lake_columns import lake_columns
from c360.sources.values.casting import SQL_TYPES, ColumnType

_FILLED_IN = "source_name"
_ALSO_TAKEN: dict[ColumnType, tuple[str, ...]] = {
    "integer": ("TINYINT", "SMALLINT", "INTEGER"),
    "decimal": ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DECIMAL"),
    "timestamp": ("DATE",),
}
"""SQL types that turn into a column's own without a value that could fail."""


class MappedTable(TypedDict):
    """A table in the lake and the expressions that make one feed's columns of it."""

    source_name: str
    table: str
    columns: Mapping


def mapped_feeds(contracts: list[Contract]) -> dict[Feed, list[MappedTable]]:
    """The mapped tables of each feed that has any, in the order of the contracts."""
    feeds: dict[Feed, list[MappedTable]] = {}
    for contract in contracts:
        for name, table in contract.tables.items():
            for feed, columns in table.feeds.items():
                mapped = MappedTable(source_name=contract.source, table=f"{contract.source}__{name}", columns=columns)
                feeds.setdefault(feed, []).append(mapped)
    return feeds


def faults_of_mappings(contract: Contract) -> list[str]:
    """What is wrong with the mappings of a contract, each fault with its place. Nothing is read to find out."""
    with duckdb.connect() as engine:
        return [
            f"tables.{name}.feeds.{feed}{fault}"
            for name, table in contract.tables.items()
            for feed, mapping in table.feeds.items()
            for fault in _faults_of_mapping(engine, table, feed, mapping)
        ]


def _faults_of_mapping(engine: duckdb.DuckDBPyConnection, table: Table, feed: Feed, mapping: Mapping) -> Iterator[str]:
    known = {column: kind for column, kind in FEED_COLUMNS[feed].items() if column != _FILLED_IN}
    for needed in (next(iter(known)), list(known)[-1]):  # which row it is, and of when
        if needed not in mapping:
            yield f": needs the column {needed}"
    for column, expression in mapping.items():
        if column == _FILLED_IN:
            yield f".{column}: is filled in with the contract's source; take it out"
        elif column not in known:
            yield f".{column}: is no column of the feed; its columns are {', '.join(known)}"
        elif fault := _fault_of_expression(engine, table, expression, known[column]):
            yield f".{column}: {fault}"


def _fault_of_expression(
    engine: duckdb.DuckDBPyConnection, table: Table, expression: str, kind: ColumnType
) -> str | None:
    lake = ", ".join(f"null::{sql_type} as {quoted(name)}" for name, sql_type in lake_columns(table).items())
    try:
        # A column of the row beside it, so that an aggregate, which has no row, is refused.
        described = engine.execute(f"describe select ({expression}), _line from (select {lake}) where true").fetchall()
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    if len(described) > 2:
        return "is more than one expression"
    found = str(described[0][1])
    if kind == "string" or found == SQL_TYPES[kind] or found.startswith(_ALSO_TAKEN.get(kind, ("-",))):
        return None
    return f"gives {found}, not {SQL_TYPES[kind]}; write a cast that cannot fail, or declare the column's type"
