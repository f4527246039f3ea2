"""Late, reversed, interleaved, repeated, split: however rows arrive, the lake says the same as after one clean load."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import HEADER, TILL, World

Row = tuple[int, str, int]
"""Key, amount (`x` and `0` are refused) and the minute in which it was sold: few of each, so that they meet."""
ROWS = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from(["1", "1.0", "2", "3", "0", "x", ""]), st.integers(0, 2)),
    min_size=1,
    max_size=12,
)
PLACE = "_file_digest, _line, _load_date"
FIRST_DAY = date(2026, 7, 1)


def line(row: Row) -> str:
    key, amount, minute = row
    return f"{key},2026-06-30 10:0{minute}:00,,,,,{amount},,\n"


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Row], list[list[list[Row]]]]:
    """All rows at once, and the same ones as files (cut anywhere, in any order, some again) landed over some runs."""
    rows = draw(ROWS)
    shuffled = draw(st.permutations(rows))
    again = draw(st.lists(st.sampled_from(rows), max_size=4))
    cuts = sorted(draw(st.lists(st.integers(1, len(rows)), max_size=3)))
    files = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    files = [file for file in [*files, again] if file]
    nights = sorted(draw(st.lists(st.integers(1, len(files)), max_size=2)))
    return rows, [files[start:end] for start, end in zip([0, *nights], [*nights, len(files)], strict=True)]


def said(world: World) -> list[tuple[Any, ...]]:
    """What the lake says, without where it came from."""
    return world.rows(f"select * exclude ({PLACE}) from lake.till__lines order by all")


def totals(world: World) -> tuple[int, ...]:
    [(read, accepted, duplicates, quarantined)] = world.rows("""
        select sum(read_count)::int, sum(accepted_count)::int, sum(duplicate_count)::int, sum(quarantined_count)::int
        from pipeline.ingest_files
    """)
    assert read == accepted + duplicates + quarantined
    return accepted, duplicates, quarantined


def make_world(factory: pytest.TempPathFactory) -> World:
    world = World(factory.mktemp("world"))
    world.promise(TILL.replace("0.5", "1.0"))
    return world


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(delivery=deliveries())
def test_arrival_does_not_decide_what_the_lake_says(
    tmp_path_factory: pytest.TempPathFactory, delivery: tuple[list[Row], list[list[list[Row]]]]
) -> None:
    """Content, which row of a key stands, and the sums of the accounts are those of one clean load."""
    rows, nights = delivery
    clean, delivered = make_world(tmp_path_factory), make_world(tmp_path_factory)
    clean.land("lines_1.csv", HEADER + "".join(map(line, rows)))
    clean.ingest()
    landed: set[str] = set()
    repeated: list[Row] = []
    for night, files in enumerate(nights):
        for number, file in enumerate(files):
            text = "".join(map(line, file))
            delivered.land(f"lines_{9 - night}_{number}.csv", HEADER + text)
            repeated += [] if text in landed else file
            landed.add(text)
        delivered.ingest(FIRST_DAY + timedelta(days=night))

    assert said(delivered) == said(clean)
    accepted, duplicates, quarantined = totals(delivered)
    bad = sum(amount in ("0", "x") for _, amount, _ in repeated)
    assert accepted == totals(clean)[0] == len(said(clean))
    assert (duplicates, quarantined) == (len(repeated) - bad - accepted, bad)
    current = delivered.rows("select line_id from lake.till__lines where _is_current order by all")
    assert current == delivered.rows("select distinct line_id from lake.till__lines order by all")


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ROWS, second=ROWS)
def test_file_is_known_by_its_bytes_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, first: list[Row], second: list[Row]
) -> None:
    """The same file under another name is not loaded twice; the same name with other content is."""
    world = make_world(tmp_path_factory)
    texts = [HEADER + "".join(map(line, rows)) for rows in (first, second)]
    for day, (name, text) in enumerate(
        [("lines_1", 0), ("lines_2", 0), ("lines_1", 1), ("lines_0", 0), ("lines_3", 1)]
    ):
        world.land(f"{name}.csv", texts[text])
        world.ingest(FIRST_DAY + timedelta(days=day))

    digests = set(texts)
    loaded = world.rows("select file_name, load_date from pipeline.ingest_files order by load_date")
    assert loaded == [("lines_1.csv", FIRST_DAY), ("lines_1.csv", FIRST_DAY + timedelta(days=2))][: len(digests)]
    assert sum(totals(world)) == sum(text.count("\n") - 1 for text in digests)
