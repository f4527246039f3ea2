"""Quarantine: listed by place and reason, judged again when the contract changes, nothing lost or doubled by it."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner
from world import EVENTS, HEADER, PERSON, SOUND_EVENT, SOUND_ROW, STOCK, TILL, World, row

from c360.cli import app
from c360.core.errors import C360Error, ConfigurationError, ContractError
from c360.sources.lake.lake import TableLake
from c360.steps.quarantine import refused, replay

ACCOUNTS = """
    select file_name, read_count, accepted_count, duplicate_count, quarantined_count, status
    from pipeline.ingest_files order by file_name
"""
LATER = date(2026, 7, 5)
LENIENT_EVENTS = EVENTS.replace("key: [event_id]", "key: [event_id]\n        max_quarantined_rate: 1.0")
WITHOUT_RULE = TILL.replace("when: amount = 0", "when: amount < 0")


def test_refused_rows_and_files_are_listed_by_place(world: World) -> None:
    """Source, table, file, line, reason and run: all that is needed to look a row up, and nothing it says."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2, "x"), row(3, "0"), row(4))
    world.land("lines_2.csv", HEADER.replace("shift", "till"))
    with pytest.raises(ContractError):
        world.ingest(run_id="first")

    assert [(one.file_name, one.line, one.reason, one.run_id) for one in refused(world.settings)] == [
        ("lines_1.csv", 3, "not_decimal:amount", "first"),
        ("lines_1.csv", 4, "given away", "first"),
        ("lines_2.csv", None, "columns_differ", "first"),
    ]
    assert [one.line for one in refused(world.settings, "till", "given away")] == [4]
    with pytest.raises(ConfigurationError, match=r"no source 'tills'.*are till"):
        refused(world.settings, "tills")


def test_commands_show_no_value(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `c360 quarantine` prints names rows and reasons and counts them."""
    monkeypatch.setenv("C360_DATA_DIR", str(world.settings.data_dir))
    monkeypatch.setenv("C360_CONTRACTS_DIR", str(world.settings.contracts_dir))
    world.land_lines("lines_1.csv", SOUND_ROW, *(row(number, "0") for number in range(2, 4)), *map(row, range(4, 9)))
    world.ingest()
    listed = CliRunner().invoke(app, ["quarantine", "list", "--limit", "1"])
    world.promise(WITHOUT_RULE)
    replayed = CliRunner().invoke(app, ["quarantine", "replay", "--as-of", "2026-07-05"])

    assert (listed.exit_code, replayed.exit_code) == (0, 0)
    for part in ("given away", "lines_1.csv", "and 1 more"):
        assert part in listed.output
    assert "2 rows accepted and 0 found duplicates, in 1 file" in replayed.output
    assert [value for value in PERSON.split(",") if len(value) > 2 and value in listed.output + replayed.output] == []


def test_row_that_passes_now_is_accepted(world: World) -> None:
    """What a mended contract lets pass joins the lake under its own file and line, and what does not pass stays."""
    world.promise(TILL.replace("0.5", "0.7"))
    world.land_lines("lines_1.csv", SOUND_ROW, row(2, "0"), row(3, "x"), row(4), f"5,{PERSON}\n", row(6, "0"))
    (before,) = world.ingest()
    assert (before.accepted_count, before.quarantined_count) == (2, 4)
    assert replay(world.run(LATER)) == []

    world.promise(WITHOUT_RULE)
    (replayed,) = replay(world.run(LATER, "replay"))
    assert (replayed.accepted_count, replayed.duplicate_count) == (2, 0)
    assert world.rows(ACCOUNTS) == [("lines_1.csv", 6, 4, 0, 2, "loaded")]
    assert world.rows(
        "select line_id, name, phone_normalised, _line, _load_date from lake.till__lines order by all"
    ) == [
        (line - 1, "Zoé Martin", "+33612345678", line, LATER if line in (3, 7) else date(2026, 7, 1))
        for line in (2, 3, 5, 7)
    ]
    assert world.rows("select line, reason, run_id from pipeline.quarantined_rows order by line") == [
        (4, "not_decimal:amount", "test"),
        (6, "ragged_line", "test"),
    ]


def test_replay_twice_changes_nothing(world: World) -> None:
    """A second replay finds only what still fails, and leaves every byte where it is."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2, "0"), row(3, "x"), row(4))
    world.ingest()
    world.promise(WITHOUT_RULE)
    assert len(replay(world.run(LATER))) == 1
    before = world.files()

    assert replay(world.run(date(2026, 7, 6), "again")) == []
    world.ingest(date(2026, 7, 6), "again")
    assert world.files() == before


def test_row_that_came_again_is_a_duplicate(world: World) -> None:
    """A refused row whose correction has landed since is in the lake once."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2, "0"), row(2, "0"), row(3), row(4))
    world.ingest()
    world.promise(WITHOUT_RULE)
    world.land_lines("lines_2.csv", row(2, "0"))
    world.ingest()
    (replayed,) = replay(world.run(LATER))

    assert (replayed.accepted_count, replayed.duplicate_count) == (0, 2)
    assert world.rows(ACCOUNTS)[0] == ("lines_1.csv", 5, 3, 2, 0, "loaded")
    assert world.rows("select count(*) from lake.till__lines where line_id = 2") == [(1,)]
    assert world.files("quarantine") == {}


def test_rest_has_the_reason_of_today(world: World) -> None:
    """A row that fails for another reason than before is on record with that one, and the run that found it."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2, "x", sold_at="soon"), row(3))
    world.ingest()
    world.promise(
        TILL.replace("sold_at: {type: timestamp", "sold_at: {type: string").replace("event_time: sold_at", "")
    )
    replay(world.run(LATER, "replay"))

    assert world.rows("select line, reason, run_id from pipeline.quarantined_rows") == [
        (3, "not_decimal:amount", "replay")
    ]
    assert world.rows(ACCOUNTS) == [("lines_1.csv", 3, 2, 0, 1, "loaded")]


def test_refused_file_is_replayed_without_landing_again(world: World) -> None:
    """The bytes of a refused file are enough: it is loaded once the contract allows it, and its bytes are let go."""
    landed = world.land_lines("lines_1.csv", row(1, "x"), row(2), row(3, "0"))
    world.promise(TILL.replace("0.5", "0.1"))
    with pytest.raises(ContractError):
        world.ingest()
    landed.unlink()
    assert replay(world.run(LATER)) == []
    assert world.rows(ACCOUNTS) == [("lines_1.csv", 3, 0, 0, 3, "refused")]

    world.promise(TILL.replace("0.5", "0.7"))
    (replayed,) = replay(world.run(LATER, "replay"))
    assert replayed.accepted_count == 1
    assert world.rows(ACCOUNTS) == [("lines_1.csv", 3, 1, 0, 2, "loaded")]
    assert world.rows("select line_id, _line, _load_date from lake.till__lines") == [(2, 3, LATER)]
    assert [name for name in world.files("quarantine") if "refused" in name] == []
    world.promise(WITHOUT_RULE)
    replay(world.run(LATER))
    assert world.rows(ACCOUNTS) == [("lines_1.csv", 3, 2, 0, 1, "loaded")]


def test_rows_of_json_lines_are_replayed_as_they_came(world: World) -> None:
    """A refused JSON line is read by today's paths, whatever keys stand beside; what is no JSON stays."""
    world.promise(TILL.replace("key: [line_id]", "key: [line_id]\n        optional: true"))
    world.promise(LENIENT_EVENTS)
    moved = '{"id":"e2","extra":1,"occurred_at":"2026-06-30T10:00:00Z"}\n'
    world.land("events_1.jsonl", SOUND_EVENT + moved + SOUND_EVENT[:-3] + "\n" + moved.replace("e2", "e3"), "tracker")
    world.ingest()
    world.promise(LENIENT_EVENTS.replace("event_id: {type: string,", "event_id: {type: string, source_name: id,"))
    (replayed,) = replay(world.run(LATER))

    assert replayed.accepted_count == 2
    assert world.rows("select event_id, _line from lake.tracker__events order by all") == [
        ("e1", 1),
        ("e2", 2),
        ("e3", 4),
    ]
    assert world.rows(ACCOUNTS) == [("events_1.jsonl", 4, 3, 0, 1, "loaded")]


def test_json_lines_whose_columns_are_all_optional_are_counted_right(world: World) -> None:
    """The line a replay adds to few rows, so that they are read by their keys, is never counted as one of them."""
    world.promise(TILL.replace("key: [line_id]", "key: [line_id]\n        optional: true"))
    rule = "        refuse:\n          - {reason: no user, when: user is null}\n"
    loose = EVENTS.replace(", required: true", "").replace(
        "key: [event_id]", "key: [event_id]\n        max_quarantined_rate: 1.0"
    )
    world.promise(loose.rstrip() + "\n" + rule)
    world.land("events_1.jsonl", '{"event_id":null}\n{"event_id":"e1"}\n{"event_id":"e1"}\n' + SOUND_EVENT, "tracker")
    world.ingest()
    world.promise(loose)
    (replayed,) = replay(world.run(LATER))

    assert (replayed.accepted_count, replayed.duplicate_count) == (2, 1)
    assert world.rows(ACCOUNTS) == [("events_1.jsonl", 4, 3, 1, 0, "loaded")]


@pytest.mark.parametrize("text", ['Zo"é', "a\nb", "a,b;c", " padded ", "\u202eolleh", "\\n", "NULL", "{}"])
def test_values_survive_quarantine(world: World, text: str) -> None:
    """A value is the same after a stay in quarantine, whatever letters are in it."""
    quoted = '"' + text.replace('"', '""') + '"'
    world.land_lines("lines_1.csv", SOUND_ROW, row(2, "0", person=f"{quoted},,,"), row(3, person=f"{quoted},,,"))
    world.ingest()
    world.promise(WITHOUT_RULE)
    replay(world.run(LATER))

    assert world.rows("select distinct name from lake.till__lines where line_id in (2, 3)") == [(text,)]


@pytest.mark.parametrize("moment", ["commit", "remove_superseded"])
def test_killed_replay_loses_and_doubles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Whether the kill comes before the manifest or after it, the next replay ends where an unhurt one does."""
    ends = []
    for name in ("hurt", "unhurt"):
        (tmp_path / name).mkdir()
        world = World(tmp_path / name)
        world.promise(TILL.replace("0.5", "0.3"))
        world.land_lines("lines_1.csv", row(1), row(2, "0"), row(3), row(4, "x"), *map(row, range(5, 9)))
        world.land_lines("lines_2.csv", row(9, "0"), row(10, "0"), row(11))
        with pytest.raises(ContractError):
            world.ingest()
        world.promise(WITHOUT_RULE)
        if name == "hurt":
            for calls in range(1, 3):
                with monkeypatch.context() as killed:
                    killed.setattr(TableLake, moment, killed_at(calls, getattr(TableLake, moment), world))
                    with pytest.raises(KeyboardInterrupt):
                        replay(world.run(LATER))
                world.settings.warehouse_path.unlink()
        replay(world.run(LATER))
        world.ingest()
        ends.append((world.files(), world.rows(ACCOUNTS), world.rows("select * from lake.till__lines order by all")))

    assert ends[0] == ends[1]
    assert len(ends[0][2]) == 10


def killed_at(calls: int, unhurt: Callable[..., None], world: World) -> Callable[..., None]:
    """Die in the n-th call about the real lake."""
    left = [calls]

    def _call(lake: TableLake, account: object) -> None:
        left[0] -= lake.settings == world.settings
        if not left[0]:
            raise KeyboardInterrupt
        unhurt(lake, account)

    return _call


def test_raw_rows_stay_readable_by_their_owner_only(world: World) -> None:
    """What a replay writes to quarantine is as closed as what was there, and its trial folder is gone."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2, "0"), row(3, "x"), row(4))
    world.ingest()
    world.promise(WITHOUT_RULE)
    replay(world.run(LATER))

    [path] = world.settings.quarantine_dir.rglob("*.parquet")
    assert path.name.endswith(".replay_1.parquet")
    assert path.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in [path.parent, *path.parents[1:3]]} == {0o700}
    assert sorted(folder.name for folder in world.settings.quarantine_dir.iterdir()) == ["till"]


def test_parquet_rows_are_replayed(world: World) -> None:
    """Rows of a Parquet file go the same way."""
    world.promise(TILL.replace("key: [line_id]", "key: [line_id]\n        optional: true"))
    rule = "        refuse:\n          - {reason: no stock, when: units = 0}\n"
    world.promise(
        STOCK.replace("key: [sku_id]", "key: [sku_id]\n        max_quarantined_rate: 1.0").rstrip() + "\n" + rule
    )
    landed = world.land("stock_1.parquet", b"", "warehouse")
    pq.write_table(pa.table({"sku_id": [1, 2, 3], "units": [0, 5, None]}), landed)
    world.ingest()
    world.promise(STOCK)
    replay(world.run(LATER))

    assert world.rows("select sku_id, units, _line from lake.warehouse__stock order by all") == [(1, 0, 1), (2, 5, 2)]
    assert world.rows(ACCOUNTS) == [("stock_1.parquet", 3, 2, 0, 1, "loaded")]


EVOLVING = TILL.replace("timezone: Europe", "drift: evolve\n        timezone: Europe")


def test_columns_beyond_the_contract_survive_quarantine(world: World) -> None:
    """Where drift evolves, a refused row keeps what the contract does not know, and is still found a duplicate."""
    header = HEADER.replace("shift", "shift,till,Desk no")
    lines = [row(number, amount).strip() + f",{till},d{number}\n" for number, amount, till in [
        (1, "1", "t1"), (2, "0", "t2"), (3, "0", ""), (4, "1", "t4"), (5, "1", "t5"), (6, "1", "t6"),
    ]]  # fmt: skip
    world.promise(EVOLVING)
    world.land("lines_1.csv", header + "".join(lines))
    world.ingest()
    world.promise(EVOLVING.replace("when: amount = 0", "when: amount < 0"))
    world.land("lines_2.csv", header + lines[2])
    world.ingest()
    (replayed,) = replay(world.run(LATER))

    assert (replayed.accepted_count, replayed.duplicate_count) == (1, 1)
    assert world.rows("select line_id, _extra from lake.till__lines where line_id < 4 order by all") == [
        (1, '{"till":"t1","Desk no":"d1"}'),
        (2, '{"till":"t2","Desk no":"d2"}'),
        (3, '{"till":null,"Desk no":"d3"}'),
    ]


def test_column_the_contract_renamed_keeps_its_values(world: World) -> None:
    """Rows lie in quarantine under the names of their file, so our own name for a column may change."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2, "0"), row(3))
    world.ingest()
    renamed = TILL.replace("amount: {type: decimal}", "price: {type: decimal, source_name: amount}")
    world.promise(renamed.replace("when: amount = 0", "when: price < 0"))
    (replayed,) = replay(world.run(LATER))

    assert (replayed.accepted_count, replayed.duplicate_count) == (1, 0)
    assert world.rows("select price::int from lake.till__lines where line_id = 2") == [(0,)]


def test_row_with_a_column_the_contract_forgot_stays_until_files_may_differ(world: World) -> None:
    """A replay drops no value that a file could not lose either."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2, "0"), row(3))
    world.ingest()
    before = world.rows(ACCOUNTS)
    moved = TILL.replace("shift: {type: date}", "shift: {type: date, source_name: Shift}")
    world.promise(moved.replace("when: amount = 0", "when: amount < 0"))
    assert replay(world.run(LATER)) == []
    assert world.rows(ACCOUNTS) == before
    world.promise(
        EVOLVING.replace("          shift: {type: date}\n", "").replace("when: amount = 0", "when: amount < 0")
    )
    assert [one.accepted_count for one in replay(world.run(LATER))] == [1]
    assert world.rows("select _extra from lake.till__lines where line_id = 2") == [('{"shift":"2026-06-30"}',)]


def test_lost_quarantine_is_told(world: World) -> None:
    """Listing and replaying name what is gone instead of stumbling over it."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2, "0"), row(3))
    world.ingest()
    next(world.settings.quarantine_dir.rglob("*.parquet")).unlink()
    with pytest.raises(C360Error, match=r"is gone, although the manifest of till/lines_1\.csv"):
        refused(world.settings)
    with pytest.raises(C360Error, match=r"is gone, although the manifest of till/lines_1\.csv"):
        replay(world.run(LATER))


def test_column_the_contract_has_learnt_is_taken_from_the_rest(world: World) -> None:
    """What an evolving table kept of an unknown column is its value once the contract knows it."""
    world.promise(EVOLVING)
    world.land(
        "lines_1.csv", HEADER.replace("shift", "shift,till") + row(1).strip() + ",7\n" + row(2, "0").strip() + ",8\n"
    )
    world.ingest()
    learnt = EVOLVING.replace("shift: {type: date}", "shift: {type: date}\n          till: {type: integer}")
    world.promise(learnt.replace("when: amount = 0", "when: amount < 0"))
    replay(world.run(LATER))

    assert world.rows("select till, _extra from lake.till__lines where line_id = 2") == [(8, None)]


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
def test_row_with_a_nul_is_refused_again(world: World, file_format: str) -> None:
    """No contract makes it sound, and quarantine is no way round the guard."""
    if file_format == "csv":
        world.land_lines("lines_1.csv", SOUND_ROW, row(2).replace("Zoé", "Zo\0"), row(3))
    else:
        world.promise(LENIENT_EVENTS)
        world.land_lines("lines_1.csv", SOUND_ROW)
        world.land("events_1.jsonl", SOUND_EVENT + SOUND_EVENT.replace('"e1"', '"e\\u00002"'), "tracker")
    world.ingest()
    before = world.rows(ACCOUNTS)
    assert sum(account[4] for account in before) == 1
    assert replay(world.run(LATER)) == []
    assert world.rows(ACCOUNTS) == before


def test_typed_columns_beyond_the_contract_survive_quarantine(world: World) -> None:
    """Numbers and lists of a Parquet file are what they were."""
    world.promise(TILL.replace("key: [line_id]", "key: [line_id]\n        optional: true"))
    evolving = STOCK.replace("key: [sku_id]", "drift: evolve\n        max_quarantined_rate: 1.0\n        key: [sku_id]")
    world.promise(evolving.rstrip() + "\n        refuse:\n          - {reason: no stock, when: units = 0}\n")
    landed = world.land("stock_1.parquet", b"", "warehouse")
    columns = {"sku_id": [1, 2], "units": [0, 5], "weight": [1.5, 2.5], "shelves": [["a", "b"], []]}
    pq.write_table(pa.table(columns), landed)
    world.ingest()
    world.promise(evolving)
    replay(world.run(LATER))

    assert [
        json.loads(extra) for (extra,) in world.rows("select _extra from lake.warehouse__stock order by sku_id")
    ] == [
        {"weight": 1.5, "shelves": ["a", "b"]},
        {"weight": 2.5, "shelves": []},
    ]


def test_replayed_rows_are_compared_by_key(world: World) -> None:
    """A row taken out of quarantine may contest the key of one that is there."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(1, "0", "2026-06-30 11:00"), row(3), row(4))
    world.ingest()
    world.promise(WITHOUT_RULE)
    replay(world.run(LATER))

    assert world.rows("select amount::int, _is_current from lake.till__lines where _has_key_conflict order by all") == [
        (0, True),
        (10, False),
    ]


def test_only_the_source_asked_for_is_replayed(world: World) -> None:
    """`--source` leaves the others as they are, and the warehouse still shows them."""
    world.promise(WITHOUT_RULE.replace("source: till", "source: kiosk").replace("amount < 0", "amount = 0"))
    for source in ("till", "kiosk"):
        world.land("lines_1.csv", HEADER + SOUND_ROW + row(2, "0"), source)
    world.ingest()
    for source in ("till", "kiosk"):
        world.promise(WITHOUT_RULE.replace("source: till", f"source: {source}"))
    (replayed,) = replay(world.run(LATER), "kiosk")

    assert replayed.account.source_name == "kiosk"
    assert json.dumps([world.rows(f"select count(*) from lake.{source}__lines") for source in ("till", "kiosk")]) == (
        "[[[1]], [[2]]]"
    )
