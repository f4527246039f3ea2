import gzip
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import EVENTS, HEADER, PERSON, SOUND_EVENT, SOUND_ROW, STOCK, TILL, World, row

from c360.core.errors import C360Error, ContractError
from c360.core.settings import PROJECT_DIR
from c360.sources.lake.lake import TableLake
from c360.steps.quarantine import replay

PERSONAL_VALUES = ("zoe.martin@example.org", "Zoé", "Martin", "0612345678", "33612345678")


def test_lake_shows_typed_rows(world: World) -> None:
    """The warehouse sees the contract's columns with its types, normal forms, and where each row came from."""
    world.land_lines("lines_1.csv", SOUND_ROW, "2,2026-01-05T10:00:00Z,,nobody,123,,1e2,1,\n")
    (account,) = world.ingest()
    assert world.rows("from lake.till__lines order by line_id")[0] == (
        1,
        *world.rows("select timestamp '2026-06-30 08:00:00'")[0],
        "Zoé Martin",
        "zoe.martin@example.org",
        "0612345678",
        "FR",
        *world.rows("select 9.9::decimal(18,4)")[0],
        False,
        date(2026, 6, 30),
        120,
        "Zoé Martin",
        "zoe martin",
        "zoe.martin@example.org",
        "+33612345678",
        None,
        account.file_digest,
        2,
        date(2026, 7, 1),
        False,
        True,
    )
    assert account.not_normalised == {"email:malformed": 1, "phone:no_country": 1}
    types = world.rows("select column_name, column_type from (describe lake.till__lines)")
    assert dict(types) == {
        "line_id": "BIGINT",
        "sold_at": "TIMESTAMP",
        "name": "VARCHAR",
        "email": "VARCHAR",
        "phone": "VARCHAR",
        "country": "VARCHAR",
        "amount": "DECIMAL(18,4)",
        "is_return": "BOOLEAN",
        "shift": "DATE",
        "sold_at_offset_minutes": "SMALLINT",
        "name_normalised": "VARCHAR",
        "name_folded": "VARCHAR",
        "email_normalised": "VARCHAR",
        "phone_normalised": "VARCHAR",
        "_flags": "VARCHAR",
        "_file_digest": "VARCHAR",
        "_line": "BIGINT",
        "_load_date": "DATE",
        "_has_key_conflict": "BOOLEAN",
        "_is_current": "BOOLEAN",
    }


def test_file_without_rows_is_loaded_and_its_view_is_typed(world: World) -> None:
    """A quiet day's header-only file is no fault; the empty view has the types of a full one."""
    world.land("lines_1.csv", HEADER)
    (account,) = world.ingest()
    assert (account.status, account.read_count) == ("loaded", 0)
    assert world.rows("select count(*) from lake.till__lines") == [(0,)]
    empty = world.rows("select column_name, column_type from (describe lake.till__lines)")
    world.land_lines("lines_2.csv", SOUND_ROW)
    world.ingest()
    assert world.rows("select column_name, column_type from (describe lake.till__lines)") == empty


@dataclass(frozen=True)
class BadFile:
    """A file that must be refused for a reason, with these words among others."""

    name: str
    content: str | bytes
    reason: str
    words: str


BAD_CSV = {
    "empty": BadFile("lines_1.csv", b"", "empty", "Ask for the export again"),
    "blank": BadFile("lines_1.csv", b"\n\n", "empty", "Ask for the export again"),
    "missing column": BadFile(
        "lines_1.csv", SOUND_ROW.join([HEADER.replace(",shift", ""), ""]), "columns_differ", "'shift'"
    ),
    "unexpected column": BadFile(
        "lines_1.csv", HEADER.replace("shift", "shift,till"), "columns_differ", "not in the contract: 'till'"
    ),
    "duplicated header": BadFile(
        "lines_1.csv", HEADER.replace("shift", "shift,name"), "columns_differ", "there twice: 'name'"
    ),
    "no header": BadFile("lines_1.csv", SOUND_ROW * 2, "columns_differ", "None of the contract's columns"),
    "half a header": BadFile("lines_1.csv", f"line_id,{SOUND_ROW}", "columns_differ", "not in the contract: 9 others"),
    "truncated gzip": BadFile(
        "lines_1.csv.gz",
        gzip.compress((HEADER + "".join(row(n, person=f"{PERSON}") for n in range(2000))).encode())[:-9],
        "truncated_gzip",
        "Transfer it again",
    ),
    "no gzip": BadFile("lines_1.csv.gz", HEADER + SOUND_ROW * 2, "broken_gzip", "Transfer it again"),
    "unclosed quote": BadFile(
        "lines_1.csv",
        HEADER + SOUND_ROW + '2,2026-06-30 10:00:00,"Zoé Martin,,,,,,\n' + SOUND_ROW,
        "unclosed_quote",
        "line 2: 2 of its lines are in no row",
    ),
    "mixed line breaks": BadFile(
        "lines_1.csv",
        (HEADER + SOUND_ROW).replace("\n", "\r\n") + SOUND_ROW,
        "mixed_line_breaks",
        "",
    ),
    "UTF-16": BadFile("lines_1.csv", (HEADER + SOUND_ROW).encode("utf-16"), "utf_16", "`encoding: utf-16`"),
    "Latin-1 header": BadFile(
        "lines_1.csv", HEADER.replace("name", "né").encode("latin-1"), "bad_encoding", "line 1: "
    ),
    "Latin-1": BadFile(
        "lines_1.csv",
        (HEADER + SOUND_ROW).encode("latin-1"),
        "too_many_quarantined",
        "bad_encoding 1 (line 2)",
    ),
    "uncastable rows": BadFile(
        "lines_1.csv",
        HEADER + row(1, amount="9,9O€") + SOUND_ROW.replace("9.90", "Zoé"),
        "too_many_quarantined",
        "not_decimal:amount 1 (line 3); ragged_line 1 (line 2)",
    ),
}
BAD_JSON = {
    "malformed": BadFile(
        "events_1.jsonl", SOUND_EVENT[:-3] + "\n", "too_many_quarantined", "malformed_json 1 (line 1)"
    ),
    "lacks a key": BadFile(
        "events_1.jsonl",
        SOUND_EVENT.replace("event_id", "user_email") + SOUND_EVENT.replace("e1", "e2"),
        "too_many_quarantined",
        "missing:event_id 1 (line 1)",
    ),
    "unknown key": BadFile(
        "events_1.jsonl",
        SOUND_EVENT.replace("{", '{"extra":1,', 1),
        "columns_differ",
        "not in the contract: 'extra'",
    ),
    "other keys": BadFile(
        "events_1.jsonl", '{"zoe.martin@example.org":1}\n', "columns_differ", "None of the contract's"
    ),
    "empty": BadFile("events_1.jsonl.gz", gzip.compress(b""), "empty", ""),
}


@pytest.mark.parametrize(
    ("source", "file"),
    [pytest.param("till", file, id=f"csv: {what}") for what, file in BAD_CSV.items()]
    + [pytest.param("tracker", file, id=f"json lines: {what}") for what, file in BAD_JSON.items()],
)
def test_bad_file_is_refused_clearly(world: World, printed: Callable[[], str], source: str, file: BadFile) -> None:
    """A bad file stops the run with a line that says which file, why and what to do, and shows no value of it.

    Its bytes are in quarantine, the lake has none of its rows, and the account says that it was refused.
    """
    world.promise(EVENTS)
    world.land_lines("lines_0.csv", SOUND_ROW)
    world.land("events_0.jsonl", SOUND_EVENT, "tracker")
    bad = world.land(file.name, file.content, source)
    with pytest.raises(ContractError) as caught:
        world.ingest()
    assert caught.value.exit_code == 2
    assert f"\n  {source}/{file.name}: " in str(caught.value)
    assert file.words in str(caught.value)
    table = {"till": "lines", "tracker": "events"}[source]
    assert world.rows(f"select count(*), count(distinct _file_digest) from lake.{source}__{table}") == [(1, 1)]
    assert world.rows("select file_name, reason from pipeline.ingest_files where status = 'refused'") == [
        (file.name, file.reason)
    ]
    assert bad.read_bytes() in world.files("quarantine").values()
    assert_nothing_personal(str(caught.value) + printed())


def assert_nothing_personal(text: str) -> None:
    assert text
    assert [value for value in PERSONAL_VALUES if value in text] == []


def test_missing_file_stops_the_run(world: World) -> None:
    """A table that never got a file stops the run, naming contract, pattern, folder and remedy."""
    with pytest.raises(ContractError) as caught:
        world.ingest()
    for part in ("till.yml", "lines_*.csv*", str(world.settings.landing_dir / "till"), "stores-team", "optional: true"):
        assert part in str(caught.value)


def test_table_may_do_without_new_files(world: World) -> None:
    """An optional table needs no file ever, any other none once it has been loaded."""
    world.promise(EVENTS.replace("format: jsonl", "format: jsonl\n        optional: true"))
    landed = world.land_lines("lines_1.csv", SOUND_ROW)
    world.ingest()
    landed.unlink()
    assert world.ingest() == []
    assert world.rows("select count(*) from lake.till__lines") == [(1,)]
    assert world.rows("select count(*) from lake.tracker__events") == [(0,)]


def test_bad_row_goes_to_quarantine_and_the_others_are_loaded(world: World, printed: Callable[[], str]) -> None:
    """A row is refused with its line and one reason; its text is kept where only the owner can read it."""
    world.land_lines(
        "lines_1.csv",
        SOUND_ROW,
        row(2, amount="nine"),
        f"3,2026-06-30 10:00:00,{PERSON}\n",
        row(4, amount="0"),
        row(5, sold_at=""),
        row(6, sold_at="30/06/2026"),
        *(row(number) for number in range(7, 12)),
    )
    (account,) = world.ingest()
    assert (account.read_count, account.accepted_count, account.quarantined_count) == (11, 6, 5)
    assert world.rows("select line, reason from pipeline.quarantined_rows order by line") == [
        (3, "not_decimal:amount"),
        (4, "ragged_line"),
        (5, "given away"),
        (6, "missing:sold_at"),
        (7, "not_timestamp:sold_at"),
    ]
    (path,) = world.settings.quarantine_dir.rglob("*.parquet")
    kept = world.rows(f"select row_as_text from read_parquet('{path}') order by line")
    assert json.loads(kept[0][0])["amount"] == "nine"
    assert kept[1][0] == f"3,2026-06-30 10:00:00,{PERSON}"
    assert path.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in [path.parent, *path.parents[1:3]]} == {0o700}
    log = printed()
    assert '"reason": "not_decimal:amount", "rows": 1, "lines": [3]' in log
    assert_nothing_personal(log)


def test_line_numbers_survive_the_rows_before(world: World) -> None:
    """The line of a refused value is the one an editor shows, after blank lines and line breaks in fields."""
    world.land_lines(
        "lines_1.csv", SOUND_ROW, "\n", row(2, person='"Zoé\nMartin",,,'), row(3, amount="x"), row(4, amount="3")
    )
    (account,) = world.ingest()
    assert account.quarantined["not_decimal:amount"].lines == [6]
    assert world.rows("select line_id, _line from lake.till__lines order by all") == [(1, 2), (2, 4), (4, 7)]


def test_no_value_of_a_row_reaches_the_warehouse_file(world: World) -> None:
    """Raw rows stay in lake and quarantine: the bytes of the warehouse hold none of their values."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2, amount="x"))
    world.ingest()
    content = world.settings.warehouse_path.read_bytes()
    assert b"not_decimal:amount" in content or world.rows("select count(*) from pipeline.quarantined_rows") == [(1,)]
    assert [value for value in PERSONAL_VALUES if value.encode() in content] == []


def test_too_many_refused_rows_refuse_the_file(world: World) -> None:
    """Above the rate the contract allows, no row of the file is taken; at the rate it is."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2), row(3, amount="x"), row(4, amount="y"))
    (account,) = world.ingest()
    assert account.status == "loaded"
    world.land_lines("lines_2.csv", row(5), row(6, amount="x"), row(7, amount="y"))
    with pytest.raises(ContractError, match=r"2 of its 3 rows are refused \(66.7%, allowed 50.0%\)"):
        world.ingest()
    assert world.rows("select line_id from lake.till__lines order by all") == [(1,), (2,)]
    assert world.rows(
        "select read_count, accepted_count, quarantined_count from pipeline.ingest_files where status = 'refused'"
    ) == [(3, 0, 3)]


def test_every_problem_is_named_at_once(world: World) -> None:
    """One run tells all that is wrong with what landed, a line each."""
    world.promise(EVENTS)
    world.land("lines_1.csv", "")
    world.land("lines_2.csv", "a,b\n")
    with pytest.raises(ContractError) as caught:
        world.ingest()
    assert [line.split(":")[0].rpartition("/")[2] for line in str(caught.value).splitlines()[1:]] == [
        "lines_1.csv",
        "lines_2.csv",
        "tracker.yml",
    ]


def test_rule_that_fails_on_a_value_refuses_the_file(world: World, printed: Callable[[], str]) -> None:
    """A rule of the contract that the engine cannot weigh for some value names neither value nor row."""
    world.promise(TILL.replace("when: amount = 0", "when: name::INTEGER = 0"))
    world.land_lines("lines_1.csv", SOUND_ROW)
    with pytest.raises(ContractError, match=r"ConversionException.*refuse rules") as caught:
        world.ingest()
    assert_nothing_personal(str(caught.value) + printed())


def test_refused_file_stops_every_run_until_it_is_gone(world: World) -> None:
    """A refused file is tried again each time; replaced or removed it no longer stops the run, but stays on record."""
    world.land("lines_1.csv", HEADER.replace("shift", "till"))
    for _ in range(2):
        with pytest.raises(ContractError, match="'shift'"):
            world.ingest()
    world.land_lines("lines_1.csv", SOUND_ROW)
    world.ingest(date(2026, 7, 2))
    assert world.rows("select file_name, status, load_date from pipeline.ingest_files order by load_date") == [
        ("lines_1.csv", "refused", date(2026, 7, 1)),
        ("lines_1.csv", "loaded", date(2026, 7, 2)),
    ]


def test_refused_file_is_loaded_once_the_contract_allows_it(world: World) -> None:
    """When the contract was wrong, correcting it is enough; nothing of the refusal stays behind."""
    world.land_lines("lines_1.csv", row(1, amount="x"), row(2))
    world.promise(TILL.replace("0.5", "0.1"))
    with pytest.raises(ContractError):
        world.ingest()
    assert len(world.files("quarantine")) == 2
    world.promise(TILL)
    (account,) = world.ingest()
    assert (account.status, account.accepted_count, account.reason) == ("loaded", 1, "")
    assert len(world.files("quarantine")) == 1


def test_same_bytes_are_loaded_once(world: World, printed: Callable[[], str]) -> None:
    """A file that lands twice, under its own or another name, is known by its bytes."""
    landed = world.land_lines("lines_1.csv", SOUND_ROW)
    world.ingest()
    before = world.files()
    landed.rename(landed.with_name("lines_9.csv"))
    world.land_lines("lines_8.csv", SOUND_ROW)
    (account,) = world.ingest(date(2026, 7, 2))
    assert (account.file_name, account.load_date) == ("lines_1.csv", date(2026, 7, 1))
    assert world.files() == before
    assert printed().count("already loaded as lines_1.csv") == 2


def test_same_name_with_other_bytes_is_loaded(world: World) -> None:
    """A corrected export under the old name is new; what both have in common is dropped as duplicate."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2))
    world.ingest()
    world.land_lines("lines_1.csv", SOUND_ROW, row(3), row(3))
    (account,) = world.ingest(date(2026, 7, 2))
    assert (account.read_count, account.accepted_count, account.duplicate_count) == (3, 1, 2)
    assert world.rows("select line_id, _load_date from lake.till__lines order by all") == [
        (1, date(2026, 7, 1)),
        (2, date(2026, 7, 1)),
        (3, date(2026, 7, 2)),
    ]


def test_duplicates_have_the_same_content_not_the_same_text(world: World) -> None:
    """Rows that say the same are one, however they are written and with nothing in the same places.

    The same key with other content stays: which of the two counts is decided later, with both at hand.
    """
    world.land_lines(
        "lines_1.csv",
        "1,2026-06-30 10:00:00,,,,,9.90,false,\n",
        "01,2026-06-30T08:00:00Z,,,,,9.9,0,\n",
        "1,2026-06-30 10:00:00,,,,,9.91,false,\n",
    )
    world.land_lines("lines_2.csv", "1,2026-06-30T10:00,,,,,+9.900,FALSE,\n")
    world.ingest()
    assert world.rows("select accepted_count, duplicate_count from pipeline.ingest_files order by file_name") == [
        (2, 1),
        (0, 1),
    ]


def test_duplicate_is_found_however_late_it_comes(world: World) -> None:
    """No window of time forgets a row: a year later it is still the same."""
    world.land_lines("lines_1.csv", SOUND_ROW)
    world.ingest(date(2026, 7, 1))
    world.land_lines("lines_2.csv", row(2), SOUND_ROW)
    world.ingest(date(2027, 8, 1))
    assert world.rows("select line_id, _load_date from lake.till__lines order by all") == [
        (1, date(2026, 7, 1)),
        (2, date(2027, 8, 1)),
    ]


def lake_content(world: World) -> list[tuple[Any, ...]]:
    return world.rows("select * exclude (_file_digest, _line, _load_date) from lake.till__lines order by all")


def test_order_of_arrival_does_not_matter(tmp_path: Path) -> None:
    """Late, reversed or all at once: overlapping files give the same rows in the lake."""
    files = {
        "lines_1.csv": [row(1), row(2), row(2)],
        "lines_2.csv": [row(2), row(3, amount="1"), row(3, amount="2")],
        "lines_3.csv": [row(3, amount="2"), row(1), row(4, amount="x")],
    }
    contents, accepted = [], []
    for number, order in enumerate([*itertools.permutations(files), None]):
        world = World(tmp_path / str(number))
        (tmp_path / str(number)).mkdir()
        world.promise(TILL)
        for day, name in enumerate(order or []):
            world.land_lines(name, *files[name])
            world.ingest(date(2026, 7, 1 + day))
        if not order:
            for name, rows in files.items():
                world.land_lines(name, *rows)
            world.ingest()
        contents.append(lake_content(world))
        accepted.append(world.rows("select sum(accepted_count), sum(quarantined_count) from pipeline.ingest_files"))
    assert len(contents) == 7
    assert [line[0] for line in contents[0]] == [1, 2, 3, 3]
    assert all(content == contents[0] for content in contents)
    assert accepted == [[(4, 1)]] * 7


ROWS = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["1", "1.0", "2", "0", "x", ""]), st.booleans()), max_size=15
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ROWS, second=ROWS)
def test_every_row_is_accounted_for_once(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[tuple[int, str, bool]],
    second: list[tuple[int, str, bool]],
) -> None:
    """Rows read are accepted, duplicates or quarantined, and as many as the files' text says."""
    world = World(tmp_path_factory.mktemp("world"))
    world.promise(TILL.replace("0.5", "1.0"))
    seen: set[tuple[int, str]] = set()
    expected = {}
    for name, rows in {"lines_1.csv": first, "lines_2.csv": second}.items():
        text = [row(number, amount) if is_whole else f"{number},{amount}\n" for number, amount, is_whole in rows]
        world.land(name, HEADER + "".join(text) + "\n" * (name == "lines_2.csv"))
        sound = [(number, amount[:1]) for number, amount, is_whole in rows if is_whole and amount not in ("0", "x")]
        expected[name] = (len(rows), len(set(sound) - seen), len(rows) - len(sound))
        seen |= set(sound)
    world.ingest()
    counts = world.rows(
        "select file_name, read_count, accepted_count, quarantined_count, duplicate_count from pipeline.ingest_files"
    )
    assert {name: tuple(found) for name, *found, _ in counts} == expected
    assert all(read == accepted + quarantined + dropped for _, read, accepted, quarantined, dropped in counts)
    assert world.rows("select count(*) from lake.till__lines") == [(len(seen),)]


def test_lost_row_stops_the_load(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose rows do not add up is not committed, whatever went wrong inside."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2))
    monkeypatch.setattr("c360.sources.lake.load.find_duplicates", forget_a_row)
    with pytest.raises(C360Error, match="read 2 rows, but accepted 1, dropped 0"):
        world.ingest()
    assert list(world.settings.lake_dir.rglob("*.json")) == []


def forget_a_row(engine: duckdb.DuckDBPyConnection, table: object) -> None:
    engine.execute("create or replace temp table duplicate_rows (_line BIGINT)")
    engine.execute("delete from slice_rows where rowid = 1")


def test_killed_before_the_manifest_is_as_if_never_begun(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows written by a run that was killed do not count and are gone after the next run, on whatever day that is."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2, amount="x"))
    with monkeypatch.context() as killed:
        killed.setattr(TableLake, "commit", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            world.ingest()
    assert [name for name in world.files("lake") if name.endswith(".parquet")]
    world.land_lines("lines_2.csv", SOUND_ROW)
    world.ingest(date(2026, 7, 2))
    assert world.rows("select line_id, _load_date from lake.till__lines") == [(1, date(2026, 7, 2))]
    assert [name for name in world.files("lake") if "load_date=2026-07-01" in name] == []


def test_killed_while_writing_leaves_nothing_under_a_final_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file appears under its name whole or not at all, and what is half-written is cleared away."""
    world.land_lines("lines_1.csv", SOUND_ROW)
    world.ingest()
    lake = TableLake(world.settings, next(iter_tables(world)))
    digest = next(iter(lake.accounts()))
    manifest = lake.folder / "_files" / f"{digest}.json"
    manifest.unlink()
    part = lake.folder / "load_date=2026-06-30" / f".{digest}.parquet.part"
    part.parent.mkdir()
    part.write_bytes(b"half")
    world.ingest()
    assert not part.exists()
    assert world.rows("select count(*) from lake.till__lines") == [(1,)]


def iter_tables(world: World) -> Iterator[Any]:
    from c360.sources.contracts.loading import load_contracts

    for contract in load_contracts(world.settings.contracts_dir):
        yield from contract.source_tables


def test_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two loads of the same landing give the same lake and quarantine, byte by byte."""
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        world = World(tmp_path / name)
        world.promise(TILL)
        rows = [row(number, "x" if number % 7 == 0 else str(number % 50), person=",,,") for number in range(3000)]
        world.land_lines("lines_1.csv", *rows, *rows[:100])
        world.ingest()
        written.append(world.files())
    assert len(written[0]) == 3
    assert written[0] == written[1]


def test_rows_lie_in_the_order_of_their_file(world: World) -> None:
    """Two threads take their parts of a large file in any order; what they write does not depend on it."""
    world.promise(STOCK)
    ids = pa.array(range(1, 1_000_001), pa.int64())
    landed = world.land("stock_1.parquet", b"", "warehouse")
    pq.write_table(pa.table({"sku_id": ids, "units": ids}), landed, row_group_size=50_000)
    world.land_lines("lines_1.csv", SOUND_ROW)
    world.ingest()
    paths = sorted((world.settings.lake_dir / "warehouse").rglob("*.parquet"), key=lambda path: (len(path.name), path))
    lines = [pq.read_table(path, columns=["_line"])["_line"].to_pylist() for path in paths]
    assert len(lines) > 1
    assert [line for part in lines for line in part] == ids.to_pylist()


def test_file_that_no_contract_speaks_of_is_reported(world: World, printed: Callable[[], str]) -> None:
    """A file that matches no pattern is not silently left out."""
    world.land_lines("lines_1.csv", SOUND_ROW)
    world.land("receipts_1.csv", "a\n")
    world.land("x_1.csv", "a\n", "unknown_source")
    world.land(".lines_2.csv.part", "a\n")
    world.ingest()
    ignored = [json.loads(line)["file"] for line in printed().splitlines() if '"ignored_file"' in line]
    assert ignored == ["till/receipts_1.csv", "unknown_source/x_1.csv"]


@pytest.mark.parametrize(
    ("damaged", "message"),
    [("*.json", "is no manifest of this version"), ("*.parquet", "A Parquet file in .* is damaged")],
)
def test_damaged_file_of_the_lake_is_told(world: World, damaged: str, message: str) -> None:
    """The error says where it is and how to go on, and quotes nothing of it."""
    world.land_lines("lines_1.csv", SOUND_ROW)
    world.ingest()
    next(world.settings.lake_dir.rglob(damaged)).write_bytes(b"secret")
    with pytest.raises(C360Error, match=message) as told:
        world.ingest()
    assert "secret" not in str(told.value)


def test_hidden_file_is_not_there_yet(world: World) -> None:
    """Who transfers a file writes it under a hidden name first, which a wildcard must not claim."""
    world.promise(TILL.replace("files: lines_*.csv*", 'files: "*.csv*"'))
    world.land_lines("lines_1.csv", SOUND_ROW)
    world.land_lines(".lines_2.csv.Xq3f", row(2))
    assert [account.file_name for account in world.ingest()] == ["lines_1.csv"]


def test_file_claimed_by_two_tables_stops_the_run(world: World) -> None:
    """A file whose rows would be loaded under two contracts is a fault of the contracts."""
    lines = dedent(TILL).partition("tables:\n")[2]
    world.promise(dedent(TILL) + lines.replace("  lines:", "  more:").replace("lines_*.csv*", "'*_1.csv'"))
    world.land_lines("lines_1.csv", SOUND_ROW)
    with pytest.raises(ContractError, match=r"claimed by two tables, till\.lines and till\.more"):
        world.ingest()


def test_column_added_later_is_empty_in_the_rows_before(world: World) -> None:
    """A contract may gain a column without a reload; older rows have nothing there."""
    world.land_lines("lines_1.csv", SOUND_ROW)
    world.ingest()
    world.promise(TILL.replace("          is_return:", "          till_id: {type: string}\n          is_return:"))
    world.land("lines_2.csv", HEADER.replace("shift", "shift,till_id") + row(2).strip() + ",t1\n")
    world.ingest(date(2026, 7, 2))
    assert world.rows("select line_id, till_id from lake.till__lines order by all") == [(1, None), (2, "t1")]


@pytest.mark.parametrize(("wider", "sql_type"), [("string", "VARCHAR"), ("decimal", "DECIMAL(18,4)")])
def test_type_that_became_wider_is_that_of_all_rows(world: World, wider: str, sql_type: str) -> None:
    """Rows loaded before are shown, and compared, as what the contract says today."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2))
    world.ingest()
    world.promise(TILL.replace("line_id: {type: integer", f"line_id: {{type: {wider}"))
    world.land_lines("lines_2.csv", SOUND_ROW, row(2, "5"), row(3))
    world.ingest(date(2026, 7, 2))
    assert world.rows("select distinct typeof(line_id) from lake.till__lines") == [(sql_type,)]
    assert world.rows("select line_id::int, _has_key_conflict from lake.till__lines order by all") == [
        (1, False),
        (2, True),
        (2, True),
        (3, False),
    ]
    assert world.rows("select sum(duplicate_count)::int from pipeline.ingest_files") == [(1,)]


@pytest.mark.parametrize("narrower", ["integer", "date", "boolean"])
def test_type_that_became_narrower_stops_before_anything_is_loaded(world: World, narrower: str) -> None:
    """Values of the lake could get lost in it: the contract is at fault, not the file that landed since."""
    world.land_lines("lines_1.csv", SOUND_ROW)
    world.ingest()
    before = world.files()
    narrowed = TILL.replace("amount: {type: decimal}", f"amount: {{type: {narrower}}}")
    world.promise(narrowed.replace("amount = 0", "amount is null"))
    world.land_lines("lines_2.csv", row(2))
    with pytest.raises(
        ContractError, match=r"amount was DECIMAL\(18,4\) and would be .* Call such a column differently"
    ):
        world.ingest(date(2026, 7, 2))
    with pytest.raises(ContractError, match="amount was DECIMAL"):
        replay(world.run())
    assert world.files() == before


def test_rows_missing_from_the_lake_are_noticed(world: World) -> None:
    """A Parquet file that somebody removed is not read as fewer customers."""
    world.land_lines("lines_1.csv", SOUND_ROW)
    world.ingest()
    next(world.settings.lake_dir.rglob("*.parquet")).unlink()
    with pytest.raises(C360Error, match="is gone, although its manifest"):
        world.ingest()


def test_strange_file_and_folder_names_are_only_names(tmp_path: Path) -> None:
    """Quotes and wildcards in a path are letters, not SQL or patterns."""
    folder = tmp_path / "it's [a] *shop*"
    folder.mkdir()
    world = World(folder)
    world.promise(TILL)
    world.land_lines("lines_[1]'*.csv", SOUND_ROW)
    world.ingest()
    assert world.rows("select line_id from lake.till__lines") == [(1,)]


def test_real_invoices_are_read_whole(tmp_path: Path) -> None:
    """Online Retail II, when it is at hand: every published line is read, and all figures are those of its README."""
    data = PROJECT_DIR.parent / "shared" / "data" / "online_retail_ii" / "online_retail_II.csv.gz"
    if not data.exists():
        pytest.skip(f"{data} is not here")
    world = World(tmp_path)
    world.settings.landing_dir.joinpath("online_retail").mkdir(parents=True)
    world.settings.landing_dir.joinpath("online_retail", "invoice_lines_2011-12-10.csv.gz").symlink_to(data)
    contract = PROJECT_DIR / "examples" / "real_retail" / "contracts" / "online_retail.yml"
    world.promise(contract.read_text("utf-8"))
    (account,) = world.ingest()
    assert (account.status, account.read_count) == ("loaded", 1_067_370)
    assert account.is_balanced
    refused = "read_parquet('" + str(world.settings.quarantine_dir) + "/*/*/*.parquet')"
    assert world.rows(f"""
        select count(distinct customer_id) from (
            select customer_id from lake.online_retail__invoice_lines
            union all select row_as_text ->> '$."Customer ID"' from {refused}
        )
    """) == [(5942,)]
