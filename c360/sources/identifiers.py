"""E-mails and phones in their normal form, beside the raw ones, each different value looked at once."""

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from c360.privacy.normalise import Normalised, normalise_email, normalise_phone
from c360.sources.casting import literal, quoted
from c360.sources.contract import Column, Table

_VALUES_AT_ONCE = 100_000
_NORMAL_FORMS = pa.schema([(name, pa.string()) for name in ("raw", "country", "value", "reason")])


def normalise_identifiers(engine: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Write one table per e-mail and phone column of `accepted_rows`: `raw, country, value, reason`."""
    for name, column in table.identifiers.items():
        engine.execute(
            f"create or replace temp table {_forms(name)} (raw VARCHAR, country VARCHAR, value VARCHAR, reason VARCHAR)"
        )
        for forms in _normal_forms(engine, name, column):
            engine.register("incoming_forms", forms)
            engine.execute(f"insert into {_forms(name)} from incoming_forms")
            engine.unregister("incoming_forms")


def select_normalised(table: Table) -> str:
    """SQL for `accepted_rows` with a `<column>_normalised` for each identifier."""
    values = "".join(f", {_forms(name)}.value as {quoted(f'{name}_normalised')}" for name in table.identifiers)
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


def _join(name: str, column: Column) -> str:
    return (
        f" left join {_forms(name)} on accepted_rows.{quoted(name)} = {_forms(name)}.raw"
        f" and {_country(column)} is not distinct from {_forms(name)}.country"
    )


def _country(column: Column) -> str:
    return f"accepted_rows.{quoted(column.country_column)}" if column.country_column else "null::VARCHAR"


def _normal_forms(engine: duckdb.DuckDBPyConnection, name: str, column: Column) -> Iterator[pa.Table]:
    values = engine.sql(f"""
        select distinct {quoted(name)} as raw, {_country(column)} as country
        from accepted_rows where {quoted(name)} is not null
    """).to_arrow_table()
    for batch in values.to_batches(max_chunksize=_VALUES_AT_ONCE):
        pairs = zip(batch["raw"].to_pylist(), batch["country"].to_pylist(), strict=True)
        rows = [(raw, country, *_normalise(raw, country, column)) for raw, country in pairs]
        yield pa.Table.from_arrays(
            [pa.array(part, pa.string()) for part in zip(*rows, strict=True)], schema=_NORMAL_FORMS
        )


def _normalise(raw: str, country: str | None, column: Column) -> Normalised:
    return normalise_phone(raw, country) if column.personal == "phone" else normalise_email(raw)
