"""From what a file holds to the contract's types, as SQL. A value that is not clearly of its type becomes NULL.

Most values are written in the one way the engine itself writes them, and a cast there and back shows it. Only the
others are looked at with patterns, which are slower.
"""

from typing import Literal

from c360.core.sql import literal, quoted
from c360.sources.values.time_zones import clock_at, has_changes, is_ambiguous, is_impossible, offset_minutes

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

TEXT = "VARCHAR"
_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_WALLS = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE"}
_WITH_ZONE = "TIMESTAMP WITH TIME ZONE"

_DAY = r"\s*[12]\d{3}-\d{1,2}-\d{1,2}"
_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)"
# The engine's own casts round 1.5 to the integer 2, read 0x1F and 1_000 as numbers and `epoch` as a date.
_INTEGER = r"\s*[+-]?\d+(\.0*)?\s*"
_DECIMAL = r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*"
_DATE = rf"{_DAY}([T ]00:00(:00(\.0+)?)?{_OFFSET}?)?\s*"
_LOCAL = rf"{_DAY}([T ]\d{{1,2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?)?\s*"
_WITH_OFFSET = rf"{_DAY}[T ]\d{{1,2}}:\d{{2}}(:\d{{2}}(\.\d+)?)?{_OFFSET}\s*"
_WRITTEN_OFFSET = r"([+-])(\d{2}):?(\d{2})?\s*$"
_SECONDS_WITH_FRACTION = r"\d{1,10}\.\d{1,9}"
_FIRST_MILLISECONDS, _FIRST_MICROSECONDS, _FIRST_TOO_LARGE = 4_102_444_800, 4_102_444_800_000, 4_102_444_800_000_000
"""A count since 1970 below the first is of seconds, below the second of milliseconds, below the third of microseconds:
each is the year 2100 in the unit before, and February 1970 in its own."""


def raw_name(column: str) -> str:
    """The name, as an SQL identifier, of a column before its type is looked at."""
    return quoted(f"text of {column}")


def offset_name(column: str) -> str:
    """The name of the column beside a timestamp with the offset, in minutes, of the time as it was written."""
    return f"{column}_offset_minutes"


def clock_name(column: str) -> str:
    """The name, as an SQL identifier, of what is known of the clock that showed a timestamp."""
    return quoted(f"clock of {column}")


def typed(
    relation: str,
    columns: dict[str, ColumnType],
    given: dict[str, str],
    timezone: str = "UTC",
    *,
    is_usual: bool = False,
) -> str:
    """SQL for `relation` with, beside its own columns, the contract's columns typed.

    Args:
        relation: A subquery or table with a column `raw_name(name)` for each name.
        columns: The contract's type of each column.
        given: The engine's type of each column in the relation, where it is not text.
        timezone: Where the clock hung that wrote a timestamp without an offset.
        is_usual: Whether all timestamps are known to be of `USUAL_YEARS`; others are wrong by an hour at most.
    """
    times = [name for name, column_type in columns.items() if column_type == "timestamp"]
    walls = "".join(f", {_wall(raw_name(name), given.get(name, TEXT))} as {_wall_name(name)}" for name in times)
    clocks = "".join(
        f", {_clock(raw_name(name), _wall_name(name), given.get(name, TEXT), timezone, is_usual)} as {clock_name(name)}"
        for name in times
    )
    values = ", ".join(
        f"{_instant(name, given.get(name, TEXT), timezone)} as {quoted(name)}"
        if column_type == "timestamp"
        else f"{cast_value(raw_name(name), column_type, given.get(name, TEXT))} as {quoted(name)}"
        for name, column_type in columns.items()
    )
    return f"select *, {values} from (select *{clocks} from (select *{walls} from {relation}))"


def flags(columns: dict[str, ColumnType], timezone: str) -> str:
    """SQL, over the columns of `typed`, for what is to be said of a row's times, or NULL."""
    times = [name for name, column_type in columns.items() if column_type == "timestamp"]
    if not times or not has_changes(timezone):
        return "null::VARCHAR"
    found = [
        f"case when {test(clock_name(name))} then {literal(f'{what}:{name}')} end"
        for name in times
        for what, test in (("ambiguous_local_time", is_ambiguous), ("impossible_local_time", is_impossible))
    ]
    return f"nullif(concat_ws(',', {', '.join(found)}), '')"


def written_offset(column: str, timezone: str) -> str:
    """SQL, over the columns of `typed`, for the offset in minutes of a timestamp as it was written."""
    clock = clock_name(column)
    offset = offset_minutes(clock) if has_changes(timezone) else clock
    return f"case when {quoted(column)} is not null then {offset} end::SMALLINT"


def cast_value(raw: str, column_type: ColumnType, given: str = TEXT) -> str:
    """The SQL that turns the expression `raw` of the engine's type `given` into `column_type`, or into NULL."""
    if _is_of_type(column_type, given):
        return f"{raw}::{SQL_TYPES[column_type]}"
    if column_type == "decimal" and (given in _INTEGERS or given.startswith("DECIMAL")):
        return f"try_cast({raw} as {SQL_TYPES[column_type]})"
    if column_type == "json" and is_nested(given):
        return f"to_json({raw})::VARCHAR"
    return _cast_text(raw if given == TEXT else f"{raw}::VARCHAR", column_type)


def is_nested(sql_type: str) -> bool:
    """Whether a type of the engine is a struct, a map or a list."""
    return sql_type.endswith((")", "]")) and not sql_type.startswith(("DECIMAL", "ENUM"))


def _is_of_type(column_type: ColumnType, given: str) -> bool:
    match column_type:
        case "integer":
            return given in _INTEGERS
        case "boolean" | "date" | "string":
            return given == SQL_TYPES[column_type]
        case _:
            return False


def _cast_text(text: str, column_type: ColumnType) -> str:
    cast = f"try_cast({text} as {SQL_TYPES[column_type]})"
    match column_type:
        case "integer":
            return _cast_as_written(text, cast, _INTEGER)
        case "date":
            return _cast_as_written(text, cast, _DATE)
        case "decimal":
            is_plain = " and ".join(f"not contains({text}, '{letter}')" for letter in "_eE")
            return f"case when {is_plain} or regexp_full_match({text}, {literal(_DECIMAL)}) then {cast} end"
        case "boolean":
            return f"case when lower(trim({text})) in ('true', '1') then true when {_is_false(text)} then false end"
        case "json":
            return f"case when json_valid({text}) then {text} end"
        case _:
            return text


def _is_false(text: str) -> str:
    return f"lower(trim({text})) in ('false', '0')"


def _cast_as_written(text: str, cast: str, pattern: str) -> str:
    is_plain = f"{cast}::VARCHAR = {text} and ascii({text}) between 48 and 57"  # no `infinity`
    return f"case when {is_plain} or regexp_full_match({text}, {literal(pattern)}) then {cast} end"


def _wall_name(column: str) -> str:
    return quoted(f"wall of {column}")


def _wall(raw: str, given: str) -> str:
    """What the clock showed, whatever offset is written behind it."""
    if given == _WITH_ZONE:
        return f"timezone('UTC', {raw})"
    if given in _WALLS:
        return f"{raw}::TIMESTAMP"
    if given in _INTEGERS:
        return "null::TIMESTAMP"
    return f"try_cast({_as_text(raw, given)} as TIMESTAMP)"


def _clock(raw: str, wall: str, given: str, timezone: str, is_usual: bool) -> str:
    """The offset at the time, with what was wrong with it; NULL of what is no time."""
    local = clock_at(wall, timezone, is_usual=is_usual)
    if given in _INTEGERS or given == _WITH_ZONE:
        return f"case when {raw} is not null then 0 end"
    if given in _WALLS:
        return f"case when isfinite({wall}) then {local} end"
    text = _as_text(raw, given)
    return f"""case
        when {wall} is null then
            case when try_cast({text} as BIGINT)::VARCHAR = {text}
                or regexp_full_match({text}, {literal(_SECONDS_WITH_FRACTION)}) then 0 end
        when not isfinite({wall}) then null
        when {wall}::VARCHAR = {text} then {local}
        when {wall}::VARCHAR || 'Z' = replace({text}, 'T', ' ') then 0
        when regexp_full_match({text}, {literal(_LOCAL)}) then {local}
        when regexp_full_match({text}, {literal(_WITH_OFFSET)}) then {_offset_in(text)}
    end"""


def _offset_in(text: str) -> str:
    sign, hours, minutes = (f"regexp_extract({text}, {literal(_WRITTEN_OFFSET)}, {group})" for group in range(1, 4))
    amount = f"coalesce(try_cast({hours} as INTEGER), 0) * 60 + coalesce(try_cast({minutes} as INTEGER), 0)"
    return f"case when {sign} = '-' then -1 else 1 end * ({amount})"


def _instant(name: str, given: str, timezone: str) -> str:
    raw, wall, clock = raw_name(name), _wall_name(name), clock_name(name)
    if given == _WITH_ZONE:
        return wall
    if given in _INTEGERS:
        return _count_since_1970(raw)
    offset = offset_minutes(clock) if has_changes(timezone) else clock
    in_utc = (
        f"case when {clock} = 0 then {wall} when {_is_near(wall)} then {wall} - to_minutes({offset}) else {wall} end"
    )
    if given in _WALLS:
        return f"case when {clock} is not null then {in_utc} end"
    text = _as_text(raw, given)
    whole = _count_since_1970(f"{text}::BIGINT")
    counted = f"case when contains({text}, '.') then {_seconds_since_1970(text)} else {whole} end"
    return f"case when {clock} is null then null when {wall} is null then {counted} else {in_utc} end"


def _is_near(wall: str) -> str:
    """Whether a time is not so far out that taking an offset from it leaves the engine's range."""
    return f"{wall} between timestamp '1800-01-01' and timestamp '2999-12-31'"


def _count_since_1970(count: str) -> str:
    return f"""case
        when {count} < 0 or {count} >= {_FIRST_TOO_LARGE} then null
        when {count} < {_FIRST_MILLISECONDS} then make_timestamp({count} * 1000000)
        when {count} < {_FIRST_MICROSECONDS} then make_timestamp({count} * 1000)
        else make_timestamp({count})
    end"""


def _seconds_since_1970(text: str) -> str:
    return f"make_timestamp((try_cast({text} as DECIMAL(20,6)) * 1000000)::BIGINT)"


def _as_text(raw: str, given: str) -> str:
    return raw if given == TEXT else f"{raw}::VARCHAR"
