"""Evidence from a table of person records as somebody wrote it: no warehouse, no feeds, one row a record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from c360.core.errors import ConfigurationError
from c360.core.sql import literal, quoted
from c360.identity.evidence import IDENTIFIERS_SCHEMA, Evidence, gather
from c360.identity.record_files.files import TABLE, read_records
from c360.identity.record_files.normal_forms import attribute_forms, identifier_forms, kind_of_identifier
from c360.identity.rules import Rules
from c360.privacy.normal_columns import write_normal_forms
from c360.privacy.normalise import NormalForms

_RECORDS = "person_records"
_COUNTRIES = '"normal forms of the country"'
_ID, _COUNTRY = '"id of the record"', '"country of the record"'


@dataclass(frozen=True)
class RecordTable:
    """What was found in a table of person records.

    evidence: what identity decides from.
    unusable: how many values have no normal form, by `<column>:<reason>`; they are compared as if they were missing.
    silent_count: records with neither an identifier nor an attribute. Nothing ties them to anybody.
    """

    evidence: Evidence
    unusable: dict[str, int]
    silent_count: int


def read_record_table(engine: duckdb.DuckDBPyConnection, paths: Sequence[Path], rules: Rules) -> RecordTable:
    """Read files of records, normalise what the rules name by its kind, and put it in order.

    Raises:
        ConfigurationError: a file cannot be read, lacks a column, or a record has no id or that of another.
    """
    read_records(engine, paths, [rules.record_id, *rules.attributes, *map(rules.column_of, rules.identifiers)])
    _check_ids(engine, paths, rules.record_id)
    _take_countries(engine, rules)
    unusable: dict[str, int] = {}
    for name, forms in _attributes(engine, rules):
        unusable |= _normalise(engine, name, _forms_of(name), forms)
    for identifier_type, forms in _identifiers(rules):
        column = rules.column_of(identifier_type)
        unusable |= _normalise(engine, column, _identifiers_of(identifier_type), forms)
    evidence = gather(_select_records(engine, rules), _select_identifiers(engine, rules), rules)
    return RecordTable(evidence, unusable, _count_silent(evidence, rules))


def _check_ids(engine: duckdb.DuckDBPyConnection, paths: Sequence[Path], column: str) -> None:
    identifier = f"trim({quoted(column)})"
    ((records, present, different),) = engine.execute(
        f"select count(*), count(nullif({identifier}, '')), count(distinct nullif({identifier}, '')) from {TABLE}"
    ).fetchall()
    files = ", ".join(map(str, paths))
    if present < records:
        raise ConfigurationError(
            f"{files}: {records - present} of {records} records have nothing in {column}. A record without an id has "
            "no row in the answer: give each one an id, or name another column as `record_id` in the rules."
        )
    if different < records:
        raise ConfigurationError(
            f"{files}: {records - different} of {records} records have in {column} the id of another one. "
            "Remove the doubles, or name another column as `record_id` in the rules."
        )


def _take_countries(engine: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Write the records under their ids, with the country by which a phone or a postal code is read."""
    column = next((name for name, kind in rules.attributes.items() if kind == "country"), None)
    country, joined = "null::VARCHAR", ""
    if column:
        written = quoted(column)
        values = f"select distinct {written} as raw, null::VARCHAR as country from {TABLE} where {written} is not null"
        write_normal_forms(engine, _COUNTRIES, values, attribute_forms("country", ()))
        country, joined = f"{_COUNTRIES}.normalised", f" left join {_COUNTRIES} on {TABLE}.{written} = {_COUNTRIES}.raw"
    engine.execute(f"""
        create or replace temp table {_RECORDS} as
        select {TABLE}.*, trim({TABLE}.{quoted(rules.record_id)}) as {_ID}, {country} as {_COUNTRY}
        from {TABLE}{joined}
    """)


def _attributes(engine: duckdb.DuckDBPyConnection, rules: Rules) -> Iterator[tuple[str, NormalForms]]:
    for name, kind in rules.attributes.items():
        values = engine.execute(f"select distinct {quoted(name)} from {_RECORDS}") if kind == "birth_date" else None
        yield name, attribute_forms(kind, [value for (value,) in values.fetchall() if value] if values else ())


def _identifiers(rules: Rules) -> Iterator[tuple[str, NormalForms]]:
    for identifier_type in rules.identifiers:
        kind = rules.attributes.get(rules.column_of(identifier_type))
        yield identifier_type, identifier_forms(kind_of_identifier(identifier_type, kind))


def _normalise(engine: duckdb.DuckDBPyConnection, column: str, table: str, forms: NormalForms) -> dict[str, int]:
    """Write the normal forms of a column to `table`, and give the number of records without one, by reason."""
    values = f"""
        select distinct {quoted(column)} as raw, {_COUNTRY} as country
        from {_RECORDS} where trim({quoted(column)}) <> ''
    """
    write_normal_forms(engine, table, values, forms)
    counts = engine.execute(f"""
        select reason, count(*) from {_RECORDS}{_join(column, table)} where reason is not null group by 1 order by 1
    """).fetchall()
    return {f"{column}:{reason}": count for reason, count in counts}


def _select_records(engine: duckdb.DuckDBPyConnection, rules: Rules) -> pa.Table:
    values = "".join(f", {_forms_of(name)}.normalised as {quoted(name)}" for name in rules.attributes)
    joins = "".join(_join(name, _forms_of(name)) for name in rules.attributes)
    return engine.sql(f"select {_ID} as record_id, source_name{values} from {_RECORDS}{joins}").to_arrow_table()


def _select_identifiers(engine: duckdb.DuckDBPyConnection, rules: Rules) -> pa.Table:
    parts = [
        engine.sql(f"""
            select {_ID} as record_id, {literal(identifier_type)} as identifier_type, normalised as identifier_value,
                null::TIMESTAMP as first_seen_at, null::TIMESTAMP as last_seen_at
            from {_RECORDS}{_join(rules.column_of(identifier_type), _identifiers_of(identifier_type))}
            where normalised is not null
        """).to_arrow_table()
        for identifier_type in rules.identifiers
    ]
    return pa.concat_tables([IDENTIFIERS_SCHEMA.empty_table(), *(part.cast(IDENTIFIERS_SCHEMA) for part in parts)])


def _count_silent(evidence: Evidence, rules: Rules) -> int:
    says = np.zeros(evidence.record_count, bool)
    says[evidence.identifiers["record"].to_numpy()] = True
    for name in rules.attributes:
        says |= evidence.records[name].is_valid().to_numpy()
    return int((~says).sum())


def _join(column: str, table: str) -> str:
    return (
        f" left join {table} on {_RECORDS}.{quoted(column)} = {table}.raw"
        f" and {_RECORDS}.{_COUNTRY} is not distinct from {table}.country"
    )


def _forms_of(attribute: str) -> str:
    return quoted(f"normal forms of {attribute}")


def _identifiers_of(identifier_type: str) -> str:
    return quoted(f"identifiers of type {identifier_type}")
