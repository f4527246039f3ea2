"""What the values of a sample file allow: the type of each column, a key, and when things happened."""

import re
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

import duckdb

from c360.core.sql import literal, quoted
from c360.sources.reading.rows_as_text import count
from c360.sources.values.casting import ColumnType

_DAY = r"[12]\d{3}-\d{1,2}-\d{1,2}"
_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)"
_NUMBER = r"[+-]?(0|[1-9]\d{0,13})"
_PATTERNS: dict[ColumnType, str] = {
    "integer": r"[+-]?(0|[1-9]\d{0,17})",
    # More than four places would be rounded.
    "decimal": rf"{_NUMBER}(\.\d{{0,4}})?",
    "boolean": r"(?i:true|false)",
    "date": _DAY,
    "timestamp": rf"{_DAY}[T ]\d{{1,2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?{_OFFSET}?",
    "json": r"(?s:\s*[\[{].*)",
}
"""Narrower than what ingest takes: a leading zero or plus sign speaks for a number that is a name."""
_LOCAL = rf"{_DAY}[T ]\d{{1,2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?"
_SECONDS_SINCE_1970 = r"1\d{9}(\d{3}|\d{6})?"
_IS_CODE = re.compile(r"(^|_)(id|number|no|code|sku|gtin|ean|zip|phone|key|ref|reference)$")
_IS_TIME = re.compile(r"(^|_)(at|time|timestamp|date|day|on)$")
_IS_FLAG = re.compile(r"^(is|has)_")
_HAPPENED = ("occurred", "event", "timestamp", "sent", "sold", "ordered", "submitted", "started", "clicked", "decided",
             "updated", "modified", "created")  # fmt: skip
_KEY_PARTS = 8
_FALLBACK: dict[str, ColumnType] = {"timestamp": "integer"}


def guess_types(engine: duckdb.DuckDBPyConnection, relation: str, columns: list[str]) -> dict[str, ColumnType]:
    """The narrowest type that every value of a column has, where `relation` gives each as text."""
    fitting = _columns_matching(engine, relation, columns, _PATTERNS)
    numbers = _columns_matching(engine, relation, columns, {"epoch": _SECONDS_SINCE_1970, "flag": "[01]"})
    return {name: _guess_type(name, {t for t in _PATTERNS if name in fitting[t]}, numbers) for name in columns}


def wider_type(column_type: ColumnType, *, is_number: bool) -> ColumnType:
    """What a column is taken for when ingest does not take all its values for what was guessed."""
    return _FALLBACK.get(column_type, "string") if is_number else "string"


def columns_without_offset(engine: duckdb.DuckDBPyConnection, relation: str, columns: list[str]) -> list[str]:
    """The timestamps that a local clock wrote: some value has no offset."""
    local = [f"bool_or(regexp_full_match({quoted(name)}, {literal(_LOCAL)}))" for name in columns]
    if not columns:
        return []
    [row] = engine.execute(f"select {', '.join(local)} from ({relation})").fetchall()
    return [name for name, is_local in zip(columns, row, strict=True) if is_local]


def guess_key(engine: duckdb.DuckDBPyConnection, relation: str, types: dict[str, ColumnType]) -> tuple[list[str], bool]:
    """One column, or two, whose values are in every row and name it; else all that can be compared, and false."""
    comparable = [name for name, one in types.items() if one != "json"]
    full, row_count = _full_columns(engine, relation, comparable)
    codes = sorted(full, key=lambda name: (not _IS_CODE.search(name), types[name] in ("decimal", "boolean")))
    singles = [(name,) for name in codes if types[name] in ("string", "integer")]
    for names in [*singles, *combinations(codes[:_KEY_PARTS], 2)]:
        if count(engine, f"(select distinct {', '.join(map(quoted, names))} from ({relation}))") == row_count:
            return list(names), True
    return comparable, False


def guess_event_time(types: dict[str, ColumnType]) -> str | None:
    """The column that most likely tells when what a row speaks of happened."""
    times = [name for name, one in types.items() if one in ("timestamp", "date")]
    ranked = sorted(times, key=lambda name: (_rank(name), types[name] == "date", times.index(name)))
    return ranked[0] if ranked else None


def _guess_type(name: str, fitting: set[ColumnType], numbers: dict[str, set[str]]) -> ColumnType:
    if name in numbers["epoch"] and _IS_TIME.search(name):
        return "timestamp"
    if name in numbers["flag"] and _IS_FLAG.match(name):
        return "boolean"
    if fitting & {"integer", "decimal"} and _IS_CODE.search(name):
        return "string"
    return next((one for one in _PATTERNS if one in fitting), "string")


def _columns_matching(
    engine: duckdb.DuckDBPyConnection, relation: str, columns: list[str], patterns: Mapping[Any, str]
) -> dict[str, set[str]]:
    """The columns with some value, all of whose values match, by pattern."""
    found = {}
    for what, pattern in patterns.items():
        matching = [f"bool_and(regexp_full_match({quoted(name)}, {literal(pattern)}))" for name in columns]
        [row] = engine.execute(f"select {', '.join(matching)} from ({relation})").fetchall()
        found[what] = {name for name, is_matching in zip(columns, row, strict=True) if is_matching}
    return found


def _full_columns(engine: duckdb.DuckDBPyConnection, relation: str, columns: Iterable[str]) -> tuple[list[str], int]:
    names = list(columns)
    counts = ", ".join(f"count({quoted(name)})" for name in names)
    [(row_count, *filled)] = engine.execute(f"select count(*), {counts} from ({relation})").fetchall()
    return [name for name, one in zip(names, filled, strict=True) if one == row_count], row_count


def _rank(name: str) -> int:
    return next((place for place, word in enumerate(_HAPPENED) if word in name), len(_HAPPENED))
