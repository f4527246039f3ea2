"""Identifying columns in their normal forms, beside the raw ones."""

import duckdb

from c360.core.sql import literal, quoted
from c360.privacy.normal_columns import write_normal_forms
from c360.privacy.normalise import NORMAL_FORMS, NormalForms
from c360.sources.contracts.contract import Column, Table


def normalise_identifiers(engine: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Write one table per identifying column of `accepted_rows`: `raw, country`, its normal forms, and `reason`."""
    for name, column in table.identifiers.items():
        values = f"""
            select distinct {quoted(name)} as raw, {_country(column)} as country
            from accepted_rows where {quoted(name)} is not null
        """
        write_normal_forms(engine, _forms(name), values, _of_class(column))


def select_normalised(table: Table) -> str:
    """SQL for `accepted_rows` with the normal forms of each identifier beside it."""
    values = "".join(
        f", {_forms(name)}.{suffix} as {quoted(added)}"
        for name, column in table.identifiers.items()
        for suffix, added in zip(_of_class(column).functions, table.added_columns[name], strict=True)
    )
    joins = "".join(_join(name, column) for name, column in table.identifiers.items())
    return f"select accepted_rows.*{values} from accepted_rows{joins}"


def count_not_normalised(engine: duckdb.DuckDBPyConnection, table: Table) -> dict[str, int]:
    """How many accepted rows have an identifier without a normal form, by `<column>:<reason>`."""
    counts: dict[str, int] = {}
    for name, column in table.identifiers.items():
        counts |= dict(
            engine.execute(f"""
                select {literal(name)} || ':' || {_forms(name)}.reason as what, count(*)
                from accepted_rows{_join(name, column)}
                where {_forms(name)}.reason is not null group by what order by what
            """).fetchall()
        )
    return counts


def _forms(name: str) -> str:
    return quoted(f"normal forms of {name}")


def _of_class(column: Column) -> NormalForms:
    return NORMAL_FORMS[str(column.personal)]


def _join(name: str, column: Column) -> str:
    return (
        f" left join {_forms(name)} on accepted_rows.{quoted(name)} = {_forms(name)}.raw"
        f" and {_country(column)} is not distinct from {_forms(name)}.country"
    )


def _country(column: Column) -> str:
    return f"accepted_rows.{quoted(column.country_column)}" if column.country_column else "null::VARCHAR"
