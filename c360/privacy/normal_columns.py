"""Normal forms of whole columns, each different value looked at once.

Plainly written values are normalised by the engine, all at once; only the others pass through Python.
"""

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from c360.privacy.normalise import NormalForms
from c360.privacy.normalised import Normalised

_VALUES_AT_ONCE = 100_000


def write_normal_forms(engine: duckdb.DuckDBPyConnection, table: str, values: str, forms: NormalForms) -> None:
    """Write a temporary table: `raw, country`, the normal forms, and `reason`, why one is missing.

    Args:
        engine: Where `values` can be read.
        table: The name of the table, quoted where it must be.
        values: A query that gives `raw` and `country`, each pair once and no `raw` missing.
        forms: What is written; one of them is called `normalised`.
    """
    _normalise_plain(engine, table, values, forms)
    for others in _normalise_others(engine, table, forms):
        engine.register("incoming_forms", others)
        engine.execute(f"insert into {table} from incoming_forms")
        engine.unregister("incoming_forms")


def _normalise_plain(engine: duckdb.DuckDBPyConnection, table: str, values: str, forms: NormalForms) -> None:
    plain = forms.plain()
    written = ", ".join(
        f"case when {plain.condition} then {form} end as {suffix}"
        for suffix, form in zip(forms.functions, plain.forms, strict=True)
    )
    engine.execute(f"""
        create or replace temp table {table} as
        select raw, country, {written}, null::VARCHAR as reason
        from (select raw, country, {plain.candidate} as candidate from ({values}))
    """)


def _normalise_others(engine: duckdb.DuckDBPyConnection, table: str, forms: NormalForms) -> Iterator[pa.Table]:
    """Take the values that are not plain out of the table, and give them back normalised."""
    others = f"{table} where normalised is null"
    values = engine.sql(f"select raw, country from {others}").to_arrow_table()
    engine.execute(f"delete from {others}")
    schema = pa.schema([(part, pa.string()) for part in ("raw", "country", *forms.functions, "reason")])
    for batch in values.to_batches(max_chunksize=_VALUES_AT_ONCE):
        pairs = zip(batch["raw"].to_pylist(), batch["country"].to_pylist(), strict=True)
        rows = [(raw, country, *_normalise(raw, country, forms)) for raw, country in pairs]
        yield pa.Table.from_arrays([pa.array(part, pa.string()) for part in zip(*rows, strict=True)], schema=schema)


def _normalise(raw: str, country: str | None, forms: NormalForms) -> Iterator[str | None]:
    """The forms of a value, and the first reason why one is missing."""
    found: list[Normalised] = [normalise(raw, country) for normalise in forms.functions.values()]
    yield from (form.value for form in found)
    yield next((form.reason for form in found if form.reason), None)
