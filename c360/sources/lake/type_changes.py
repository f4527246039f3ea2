"""Columns of the lake whose type the contract has changed since: which changes lose nothing, and which are refused."""

import duckdb

from c360.core.errors import C360Error, ContractError
from c360.sources.contracts.lake_columns import lake_columns
from c360.sources.lake.lake import TableLake
from c360.sources.values.casting import SQL_TYPES


def check_types(engine: duckdb.DuckDBPyConnection, lake: TableLake) -> None:
    """See that the rows already in the lake can be shown as the contract's types.

    Raises:
        ContractError: a column has become narrower, or of another kind, than the rows in the lake.
        C360Error: a file of the lake is damaged.
    """
    held = _held_types(engine, lake)
    if changed := [
        f"{name} was {held[name]} and would be {sql_type}"
        for name, sql_type in lake_columns(lake.table.terms).items()
        if name in held and not _holds(sql_type, held[name])
    ]:
        raise ContractError(
            f"The contract of {lake.table} gives columns another type than the rows in {lake.folder} have: "
            f"{'; '.join(changed)}. Call such a column differently (with `source_name` for its name in the file), or "
            f"remove {lake.folder} and {lake.quarantine_folder}: the next run loads again what is still in landing."
        )


def _held_types(engine: duckdb.DuckDBPyConnection, lake: TableLake) -> dict[str, str]:
    paths = [str(path) for path in lake.loaded_paths()]
    if not paths:
        return {}
    try:
        described = engine.execute(
            "describe from read_parquet($1, union_by_name = true, hive_partitioning = false)", [paths]
        ).fetchall()
    except duckdb.Error:
        raise C360Error(
            f"A Parquet file in {lake.folder} is damaged. Put that folder back from a copy, or remove it so that what "
            "is in landing is loaded again."
        ) from None
    return {name: sql_type for name, sql_type, *_ in described}


def _holds(sql_type: str, held: str) -> bool:
    """Whether a type has a place for every value of the one the lake has."""
    if sql_type == SQL_TYPES["decimal"]:
        return held == SQL_TYPES["integer"] or held.startswith("DECIMAL")
    return sql_type in (held, SQL_TYPES["string"])
