from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources.loaded import Loaded, make_table

from c360.sources.values.casting import typed

COLUMNS = {"id": {"type": "string"}, "sold_at": {"type": "timestamp"}}
FOUND = "sold_at::VARCHAR, sold_at_offset_minutes, _flags"


def loaded_times(folder: Path, timezone: str, *texts: str) -> Loaded:
    loaded = Loaded(folder, make_table(COLUMNS, timezone=timezone))
    loaded.load(("id,sold_at\n" + "".join(f"{n},{text}\n" for n, text in enumerate(texts))).encode())
    return loaded


@pytest.mark.parametrize(
    ("text", "timezone", "found"),
    [
        ("2026-07-05 10:00:00", "UTC", ("2026-07-05 10:00:00", 0, None)),
        ("2026-07-05 10:00:00", "Europe/Paris", ("2026-07-05 08:00:00", 120, None)),
        ("2026-01-05 10:00", "Europe/Paris", ("2026-01-05 09:00:00", 60, None)),
        ("2026-01-05T10:00:00Z", "Europe/Paris", ("2026-01-05 10:00:00", 0, None)),
        ("2026-01-05T10:00:00.250-03:30", "Europe/Paris", ("2026-01-05 13:30:00.25", -210, None)),
        ("2026-01-05 10:00:00", "America/St_Johns", ("2026-01-05 13:30:00", -210, None)),
        ("2026-01-05 10:00:00", "Asia/Kolkata", ("2026-01-05 04:30:00", 330, None)),
        ("1985-07-05 10:00:00", "Europe/Paris", ("1985-07-05 08:00:00", 120, None)),
        ("2026-10-25 02:30:00", "Europe/Paris", ("2026-10-25 00:30:00", 120, "ambiguous_local_time:sold_at")),
        ("2026-10-25 02:30:00+01:00", "Europe/Paris", ("2026-10-25 01:30:00", 60, None)),
        ("2026-03-29 02:30:00", "Europe/Paris", ("2026-03-29 01:30:00", 60, "impossible_local_time:sold_at")),
        ("2026-03-29 03:00:00", "Europe/Paris", ("2026-03-29 01:00:00", 120, None)),
        ("1767607200", "Europe/Paris", ("2026-01-05 10:00:00", 0, None)),
        ("1767607200.5", "Europe/Paris", ("2026-01-05 10:00:00.5", 0, None)),
        ("1767607200123", "UTC", ("2026-01-05 10:00:00.123", 0, None)),
        ("1767607200123456", "UTC", ("2026-01-05 10:00:00.123456", 0, None)),
        ("4102444799", "UTC", ("2099-12-31 23:59:59", 0, None)),
        ("31536000000", "UTC", ("1971-01-01 00:00:00", 0, None)),
    ],
)
def test_time_keeps_its_offset_and_its_doubts(
    tmp_path: Path, text: str, timezone: str, found: tuple[str, int, str | None]
) -> None:
    """The instant is UTC; beside it stands how far from UTC it was written; a doubtful local time is flagged.

    A local time that came twice is taken for the earlier instant, one that never came is read with the clock before
    the change. A count since 1970 is of seconds, milliseconds or microseconds by its size.
    """
    assert loaded_times(tmp_path, timezone, text).rows(FOUND) == [found]


@pytest.mark.parametrize(
    "text", ["1970-01-01 00:00:00", "0", "1969-07-20 20:17:00", "1970-12-31T23:59:59Z", "2100-01-01 00:00:00",
             "2999-12-31 00:00:00", "9999-12-31 23:59:59", "86400", "0001-01-01 00:00:00"]
)  # fmt: skip
def test_placeholder_of_a_time_is_quarantined(tmp_path: Path, text: str) -> None:
    """The year 1970 and before, and 2100 and after, are defaults and placeholders, not events."""
    loaded = loaded_times(tmp_path, "UTC", text, "2026-01-05 10:00:00")
    assert [row[:2] for row in loaded.refused()] == [(2, "implausible_time:sold_at")]
    assert len(loaded.rows()) == 1


@pytest.mark.parametrize(
    ("text", "is_sound"), [("1900-02-03", True), ("1849-12-31", False), ("2199-12-31", True), ("9999-12-31", False)]
)
def test_dates_have_bounds_of_their_own(tmp_path: Path, text: str, is_sound: bool) -> None:
    """A birth date may be a century old, and a card may be valid for one."""
    loaded = Loaded(tmp_path, make_table({"id": {"type": "string"}, "born": {"type": "date"}}))
    loaded.load(f"id,born\n1,{text}\n".encode())
    assert len(loaded.rows()) == is_sound
    assert is_sound or loaded.refused()[0][1] == "implausible_time:born"


def test_parquet_times_are_read_by_their_type(tmp_path: Path) -> None:
    """A time with a zone is an instant, one without is a local time of the table, a number counts since 1970."""
    moment = datetime.fromisoformat("2026-07-05 10:00:00")
    columns = {
        "id": {"type": "string"},
        **{name: {"type": "timestamp"} for name in ("with_zone", "local", "counted", "day")},
    }
    rows = pa.table(
        {
            "id": ["1"],
            "with_zone": pa.array([moment.replace(tzinfo=UTC)], pa.timestamp("us", "Europe/Paris")),
            "local": pa.array([moment], pa.timestamp("ms")),
            "counted": pa.array([1783245600000000], pa.int64()),
            "day": pa.array([moment.date()], pa.date32()),
        }
    )
    pq.write_table(rows, tmp_path / "written.parquet")
    loaded = Loaded(tmp_path, make_table(columns, timezone="Europe/Paris"))
    account = loaded.load((tmp_path / "written.parquet").read_bytes(), name="lines_1.parquet")
    assert account.explanation == ""
    assert loaded.rows("with_zone::VARCHAR, local::VARCHAR, counted::VARCHAR, day::VARCHAR") == [
        ("2026-07-05 10:00:00", "2026-07-05 08:00:00", "2026-07-05 10:00:00", "2026-07-04 22:00:00")
    ]
    assert loaded.rows("columns('offset')") == [(0, 120, 0, 120)]


ZONES = ["Europe/Paris", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Tehran", "Pacific/Apia"]


@settings(max_examples=100, deadline=None)
@given(
    wall=st.datetimes(datetime(1971, 1, 3), datetime(2099, 12, 28)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
    change=st.integers(0, 400),
)
def test_clocks_are_those_of_the_time_zone_database(wall: datetime, zone: str, change: int) -> None:
    """At any time and around every change, the instant is the one Python's own time zones give."""
    place = ZoneInfo(zone)
    texts = [str(moment.replace(microsecond=0)) for moment in (wall, *_around_a_change(wall, place, change))]
    with duckdb.connect() as engine:
        relation = typed('(select unnest($texts) as "text of t")', {"t": "timestamp"}, {}, zone)
        found = engine.execute(f"select t from ({relation})", {"texts": texts}).fetchall()
    for text, (instant,) in zip(texts, found, strict=True):
        expected = datetime.fromisoformat(text).replace(tzinfo=place)
        # Python knows offsets to the second, which no clock has had since 1972; the lake has minutes.
        assert abs(instant.replace(tzinfo=UTC) - expected.astimezone(UTC)) < timedelta(seconds=31)


def _around_a_change(wall: datetime, place: ZoneInfo, change: int) -> list[datetime]:
    day = wall.replace(hour=0, minute=0, second=0)
    for _ in range(370):
        day += timedelta(days=1)
        if day.year > 2099:
            break
        if day.replace(tzinfo=place).utcoffset() != (day + timedelta(days=1)).replace(tzinfo=place).utcoffset():
            return [day + timedelta(minutes=change - 30)]
    return []
