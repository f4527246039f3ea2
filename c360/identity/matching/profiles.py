"""Profiles: what is known about a cluster of records, once per distinct set of attributes, in a table of DuckDB."""

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from c360.identity.evidence import Evidence, Positions
from c360.identity.matching.kinds import VARIED, column_names, kind_of
from c360.identity.rules import Rules

_NAMES = ("first_name", "last_name", "full_name")
MIN_WORD_LETTERS = 2


def write_profiles(
    database: duckdb.DuckDBPyConnection,
    evidence: Evidence,
    labels: Positions,
    rules: Rules,
    touched: npt.NDArray[np.bool_] | None,
) -> list[str]:
    """Write the table `profiles` and return its columns that are compared.

    One row per cluster and distinct attributes, of those that have a name or a birth date: `id` (the smallest position
    of its records), `label`, `is_touched`, the attributes, the list `words` of all names, and lists of learned
    variants, empty yet.
    """
    names = column_names(rules.attributes)
    columns = _with_name_parts(list(names.values()))
    records = pa.table(
        {
            "position": pa.array(np.arange(evidence.record_count)),
            "label": pa.array(labels),
            "is_touched": pa.array(touched) if touched is not None else pa.repeat(True, evidence.record_count),
            **{name: evidence.records[attribute] for attribute, name in names.items()},
        }
    )
    database.register("attributes", records)
    database.execute(_profiles_sql(list(names.values()), columns))
    database.unregister("attributes")
    return [column for column in columns if kind_of(column) != "full_name"]


def _with_name_parts(columns: list[str]) -> list[str]:
    """The columns, and the parts of a full name where the parts are not columns themselves."""
    if "full_name" not in columns:
        return columns
    return columns + [part for part in ("first_name", "last_name") if part not in columns]


def _profiles_sql(given: list[str], columns: list[str]) -> str:
    known = " or ".join(f"{column} is not null" for column in given if kind_of(column) in (*_NAMES, "birth_date"))
    cleaned = ", ".join(f"nullif(trim({column}), '') as {column}" for column in given)
    parts = "".join(f", {_name_part(column)} as {column}" for column in columns if column not in given)
    names = ", ".join(column for column in columns if kind_of(column) in _NAMES) or "null"
    variants = "".join(f", null::varchar[] as {column}_variants" for column in columns if kind_of(column) in VARIED)
    return f"""
        create or replace table profiles as
        with cleaned as (select position, label, is_touched, {cleaned} from attributes),
        distinct_ones as (
            select min(position) as id, label, bool_or(is_touched) as is_touched, {", ".join(given)}
            from cleaned where {known or "true"} group by all
        ),
        parted as (select *{parts} from distinct_ones)
        select
            *,
            list_sort(list_distinct(list_filter(
                regexp_split_to_array(concat_ws(' ', {names}), '[^\\p{{L}}\\p{{N}}]+'),
                lambda word: length(word) >= {MIN_WORD_LETTERS}
            ))) as words{variants}
        from parted order by id
    """


def _name_part(column: str) -> str:
    place = 1 if column == "first_name" else -1
    return f"list_extract(string_split(full_name, ' '), {place})"
