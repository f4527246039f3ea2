"""Columns of the lake whose type the contract has changed since: which changes lose nothing, and which are refused."""

import duckdb

from c360.core.errors import ContractError
from c360.sources.contracts.lake_columns import lake_columns
from c360.sources.lake.lake import TableLake
from c360.sources.values.casting import SQL_TYPES


def check_types(engine: duckdb.DuckDBPyConnection, lake: TableLake) -> None:
    """See that the rows already in the lake can be shown as the contract's types.

    Raises:
        ContractError: a column has become narrower, or of another kind, than the rows in the lake.
    """
    paths = lake.loaded_paths()
    if not paths:
        return
    described = engine.execute(
        "describe from read_parquet($1, union_by_name = true, hive_partitioning = false)", [[str(p) for p in paths]]
    ).fetchall()
    held = {name: sql_type for name, sql_type, *_ in described}
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


def _holds(sql_type: str, held: str) -> bool:
    """Whether a type has a place for every value of the one the lake has."""
    if sql_type == SQL_TYPES["decimal"]:
        return held == SQL_TYPES["integer"] or held.startswith("DECIMAL")
    return sql_type in (held, SQL_TYPES["string"])
