"""From text to the contract's types, as SQL. A value that is not clearly of its type becomes NULL, never a guess."""

from typing import Literal

ColumnType = Literal["string", "integer", "decimal", "boolean", "date", "timestamp", "json"]

SQL_TYPES: dict[ColumnType, str] = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "decimal": "DECIMAL(18,4)",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "json": "VARCHAR",
}
"""The type of each column in the lake. Timestamps are UTC; decimals are rounded to four places."""

_DAY = r"\s*[12]\d{3}-\d{1,2}-\d{1,2}"
_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)"
# The engine's own casts round 1.5 to the integer 2, read 0x1F and 1_000 as numbers and `epoch` as a date.
_INTEGER = r"\s*[+-]?\d+(\.0*)?\s*"
_DECIMAL = r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*"
_DATE = rf"{_DAY}([T ]00:00(:00(\.0+)?)?{_OFFSET}?)?\s*"
_TIMESTAMP = rf"{_DAY}([T ]\d{{1,2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?{_OFFSET}?)?\s*"
_PATTERNS: dict[ColumnType, str] = {"integer": _INTEGER, "decimal": _DECIMAL, "date": _DATE}
_WITH_OFFSET = rf":\d{{2}}(\.\d+)?{_OFFSET}\s*$"


def quoted(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def cast_text(text: str, column_type: ColumnType, timezone: str) -> str:
    """The SQL that turns the text expression `text` into `column_type`, or into NULL.

    Args:
        text: An SQL expression of type VARCHAR.
        column_type: The contract's type.
        timezone: Where the clock hung that wrote a timestamp without an offset.
    """
    match column_type:
        case "string":
            return text
        case "integer" | "decimal" | "date":
            return _cast_matching(text, _PATTERNS[column_type], SQL_TYPES[column_type])
        case "boolean":
            return f"case when lower(trim({text})) in ('true', '1') then true when {_is_false(text)} then false end"
        case "timestamp":
            return _cast_timestamp(text, timezone)
        case "json":
            return f"case when json_valid({text}) then {text} end"


def _is_false(text: str) -> str:
    return f"lower(trim({text})) in ('false', '0')"


def _cast_matching(text: str, pattern: str, sql_type: str) -> str:
    return f"case when regexp_full_match({text}, {literal(pattern)}) then try_cast({text} as {sql_type}) end"


def _cast_timestamp(text: str, timezone: str) -> str:
    # A cast to TIMESTAMP would drop the offset without a word; only TIMESTAMPTZ applies it.
    with_offset = f"timezone('UTC', try_cast({text} as TIMESTAMPTZ))"
    local = f"try_cast({text} as TIMESTAMP)"
    if timezone != "UTC":
        local = f"timezone('UTC', timezone({literal(timezone)}, {local}))"
    return (
        f"case when not regexp_full_match({text}, {literal(_TIMESTAMP)}) then null "
        f"when regexp_matches({text}, {literal(_WITH_OFFSET)}) then {with_offset} else {local} end"
    )
