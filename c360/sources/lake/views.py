"""The lake as the warehouse sees it: one view per source table, in which rows with a contested key are flagged."""

from collections.abc import Sequence

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from c360.core.sql import literal, quoted
from c360.core.warehouse import Warehouse
from c360.sources.contracts.promised_columns import columns_of
from c360.sources.lake.accounts import FileAccount
from c360.sources.lake.key_conflicts import FOUND, find_conflicts, merge_conflicts
from c360.sources.lake.lake import TableLake

_TEXT = pa.string()
_CONFLICTS = pa.schema(
    [("source_name", _TEXT), ("table_name", _TEXT), ("file_name", _TEXT), *((f.name, f.type) for f in FOUND)]
)


def show_lake(warehouse: Warehouse, engine: duckdb.DuckDBPyConnection, lakes: Sequence[TableLake]) -> None:
    """Write `pipeline.key_conflicts` and one view per source table, over the committed files.

    `_has_key_conflict` says that another row has the same key and other content, `_is_current` that of those this one
    stands. Where no key is contested the view joins nothing.
    """
    conflicts = pa.concat_tables([_CONFLICTS.empty_table(), *(_conflicts(warehouse, engine, lake) for lake in lakes)])
    warehouse.write("key_conflicts", conflicts)
    _write_views(warehouse, lakes)


def _conflicts(warehouse: Warehouse, engine: duckdb.DuckDBPyConnection, lake: TableLake) -> pa.Table:
    """The rows of a table with a contested key: those known, and those of the keys that files new since then bring."""
    accounts = lake.accounts()
    compared = _compared_files(warehouse, lake)
    if _must_compare_all(warehouse, lake, accounts, compared):
        found = find_conflicts(engine, lake)
    else:
        fresh = [one for digest, one in accounts.items() if one.accepted_count != compared.get(digest, 0)]
        found = merge_conflicts(
            engine,
            _known_conflicts(warehouse, lake),
            find_conflicts(engine, lake, fresh) if fresh else FOUND.empty_table(),
        )
    names = pa.array([one.file_name for one in accounts.values()], _TEXT)
    return pa.table(
        {
            "source_name": pa.repeat(lake.table.source_name, found.num_rows),
            "table_name": pa.repeat(lake.table.table_name, found.num_rows),
            "file_name": names.take(pc.index_in(found["file_digest"], value_set=pa.array(list(accounts), _TEXT))),
            **{name: found[name] for name in FOUND.names},
        }
    ).cast(_CONFLICTS)


def _must_compare_all(
    warehouse: Warehouse, lake: TableLake, accounts: dict[str, FileAccount], compared: dict[str, int]
) -> bool:
    """Whether what is known of conflicts no longer holds: rows are gone, or the contract compares them differently."""
    shrunk = any(
        digest not in accounts or accounts[digest].accepted_count < row_count for digest, row_count in compared.items()
    )
    return not compared or shrunk or not _is_compared_alike(warehouse, lake)


def _compared_files(warehouse: Warehouse, lake: TableLake) -> dict[str, int]:
    """The accepted rows of each file whose keys an earlier run compared, by digest."""
    if not warehouse.has_table("pipeline", "ingest_files") or not warehouse.has_table("pipeline", "key_conflicts"):
        return {}
    return dict(
        warehouse.rows(
            """
            select file_digest, accepted_count from pipeline.ingest_files
            where source_name = ? and table_name = ? and accepted_count > 0
            """,
            [lake.table.source_name, lake.table.table_name],
        )
    )


def _is_compared_alike(warehouse: Warehouse, lake: TableLake) -> bool:
    if not warehouse.has_table("pipeline", "source_columns"):
        return False
    decisive = ("column_position", "column_name", "column_type", "is_key", "is_event_time", "is_version")
    known = warehouse.rows(
        f"""
        select {", ".join(decisive)} from pipeline.source_columns where source_name = ? and table_name = ?
        order by column_position
        """,
        [lake.table.source_name, lake.table.table_name],
    )
    return known == [tuple(row[name] for name in decisive) for row in columns_of(lake.table)]


def _known_conflicts(warehouse: Warehouse, lake: TableLake) -> pa.Table:
    return warehouse.arrow(
        "select file_digest, line, is_current from pipeline.key_conflicts where source_name = ? and table_name = ?",
        [lake.table.source_name, lake.table.table_name],
    ).cast(FOUND)


def _write_views(warehouse: Warehouse, lakes: Sequence[TableLake]) -> None:
    contested = set(warehouse.rows("select distinct source_name, table_name from pipeline.key_conflicts"))
    warehouse.execute("create schema if not exists lake")
    for lake in lakes:
        is_contested = (lake.table.source_name, lake.table.table_name) in contested
        flagged = _flagged(lake) if is_contested else _unflagged(lake)
        warehouse.execute(f"create or replace view {view_name(lake)} as {flagged}")


def _unflagged(lake: TableLake) -> str:
    return f"select *, false as _has_key_conflict, true as _is_current from ({lake.relation()})"


def _flagged(lake: TableLake) -> str:
    return f"""
        select lake_rows.*, contested.line is not null as _has_key_conflict,
            coalesce(contested.is_current, true) as _is_current
        from ({lake.relation()}) as lake_rows
        left join (
            select file_digest, line, is_current from pipeline.key_conflicts
            where source_name = {literal(lake.table.source_name)} and table_name = {literal(lake.table.table_name)}
        ) as contested on lake_rows._file_digest = contested.file_digest and lake_rows._line = contested.line
    """


def view_name(lake: TableLake) -> str:
    """The view of a table in the warehouse, as SQL."""
    return f"lake.{quoted(f'{lake.table.source_name}__{lake.table.table_name}')}"
