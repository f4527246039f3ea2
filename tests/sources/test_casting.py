import duckdb
import pytest

from c360.sources.values.casting import SQL_TYPES, ColumnType, typed


def cast(text: str, column_type: ColumnType, timezone: str = "UTC") -> str | None:
    """`text` as `column_type`, shown as text."""
    with duckdb.connect() as engine:
        engine.execute("set timezone = 'America/New_York'")  # the session's zone must not matter
        relation = typed('(select $text as "text of value")', {"value": column_type}, {}, timezone)
        rows = engine.execute(f"select value::VARCHAR, typeof(value) from ({relation})", {"text": text}).fetchall()
    assert rows[0][1] == SQL_TYPES[column_type]
    return str(rows[0][0]) if rows[0][0] is not None else None


@pytest.mark.parametrize(
    ("text", "column_type", "value"),
    [
        ("7", "integer", "7"),
        (" -007 ", "integer", "-7"),
        ("3.0", "integer", "3"),  # how a data frame writes an integer column with gaps
        ("1.5", "decimal", "1.5000"),
        ("1e-2", "decimal", "0.0100"),
        (".5", "decimal", "0.5000"),
        ("1.23456", "decimal", "1.2346"),
        ("True", "boolean", "true"),
        ("0", "boolean", "false"),
        ("2026-01-05", "date", "2026-01-05"),
        ("2026-01-05 00:00:00", "date", "2026-01-05"),
        (" Null ", "string", " Null "),
    ],
)
def test_clear_value_is_cast(text: str, column_type: ColumnType, value: str) -> None:
    """A value that is clearly of its type has that value."""
    assert cast(text, column_type) == value


@pytest.mark.parametrize(
    ("text", "column_type"),
    [
        *((text, "integer") for text in ("1.5", "1e3", "0x1F", "1_000", "1,000", "9223372036854775808", "", "x")),
        *((text, "decimal") for text in ("NaN", "inf", "1,5", "1_000", "1e30", "0x1F", "-", "1.2.3")),
        *((text, "boolean") for text in ("yes", "t", "2", "")),
        *((text, "date") for text in ("05/01/2026", "epoch", "infinity", "2026-02-30", "2026-01-05 10:00:00")),
        *((text, "timestamp") for text in ("05/01/2026 10:00", "epoch", "infinity", "-5", "0001-01-01")),
        *((text, "timestamp") for text in ("2026-01-05 25:00:00", "2026-01-05 10:00:00 Europe/Paris", "10:00")),
    ],
)
def test_unclear_value_is_no_value(text: str, column_type: ColumnType) -> None:
    """What is not clearly of its type is not guessed, rounded or read as a word of the engine."""
    assert cast(text, column_type) is None


@pytest.mark.parametrize(
    ("text", "timezone", "utc"),
    [
        ("2026-01-05 10:00:00", "UTC", "2026-01-05 10:00:00"),
        ("2026-01-05 10:00:00", "Europe/Paris", "2026-01-05 09:00:00"),
        ("2026-07-05T10:00", "Europe/Paris", "2026-07-05 08:00:00"),
        ("2026-01-05", "Europe/Paris", "2026-01-04 23:00:00"),
        ("2026-01-05T10:00:00Z", "Europe/Paris", "2026-01-05 10:00:00"),
        ("2026-01-05T10:00:00.123456789+02:00", "UTC", "2026-01-05 08:00:00.123456"),
        ("2026-01-05 10:00:00-0530", "Europe/Paris", "2026-01-05 15:30:00"),
        ("2026-01-05 10:00:00+00", "Europe/Paris", "2026-01-05 10:00:00"),
    ],
)
def test_timestamp_is_stored_in_utc(text: str, timezone: str, utc: str) -> None:
    """An offset in the text counts; without one the table's time zone does, summer time included."""
    assert cast(text, "timestamp", timezone) == utc
