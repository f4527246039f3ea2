"""Identifying columns in their normal forms, beside the raw ones, each different value looked at once.

Plainly written values are normalised by the engine, all at once; only the others pass through Python.
"""

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from c360.privacy.normalise import NORMAL_FORMS, NormalForms, Normalised
from c360.sources.contracts.contract import Column, Table
from c360.sources.values.casting import literal, quoted

_VALUES_AT_ONCE = 100_000


def normalise_identifiers(engine: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Write one table per identifying column of `accepted_rows`: `raw, country`, its normal forms, and `reason`."""
    for name, column in table.identifiers.items():
        _normalise_plain(engine, name, column)
        for forms in _normalise_others(engine, name, column):
            engine.register("incoming_forms", forms)
            engine.execute(f"insert into {_forms(name)} from incoming_forms")
            engine.unregister("incoming_forms")


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


def _normalise_plain(engine: duckdb.DuckDBPyConnection, name: str, column: Column) -> None:
    """Write the forms of the plain values, and `other_values` without any."""
    functions, plain = _of_class(column).functions, _of_class(column).plain()
    forms = ", ".join(
        f"case when {plain.condition} then {form} end as {suffix}"
        for suffix, form in zip(functions, plain.forms, strict=True)
    )
    engine.execute(f"""
        create or replace temp table {_forms(name)} as
        select raw, country, {forms}, null::VARCHAR as reason
        from (
            select raw, country, {plain.candidate} as candidate
            from (
                select distinct {quoted(name)} as raw, {_country(column)} as country
                from accepted_rows where {quoted(name)} is not null
            )
        )
    """)


def _normalise_others(engine: duckdb.DuckDBPyConnection, name: str, column: Column) -> Iterator[pa.Table]:
    """Take the values that are not plain out of the table of forms, and give them back normalised."""
    others = f"{_forms(name)} where normalised is null"
    values = engine.sql(f"select raw, country from {others}").to_arrow_table()
    engine.execute(f"delete from {others}")
    functions = _of_class(column).functions
    schema = pa.schema([(part, pa.string()) for part in ("raw", "country", *functions, "reason")])
    for batch in values.to_batches(max_chunksize=_VALUES_AT_ONCE):
        pairs = zip(batch["raw"].to_pylist(), batch["country"].to_pylist(), strict=True)
        rows = [(raw, country, *_normalise(raw, country, _of_class(column))) for raw, country in pairs]
        yield pa.Table.from_arrays([pa.array(part, pa.string()) for part in zip(*rows, strict=True)], schema=schema)


def _normalise(raw: str, country: str | None, forms: NormalForms) -> Iterator[str | None]:
    """The forms of a value, and the first reason why one is missing."""
    found: list[Normalised] = [normalise(raw, country) for normalise in forms.functions.values()]
    yield from (form.value for form in found)
    yield next((form.reason for form in found if form.reason), None)
