"""What ingest tells the warehouse beside the rows: contested keys, freshness, promises, and whether all adds up."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from world import HEADER, SOUND_ROW, TILL, World, row

from c360.core.errors import ContractError, RowsUnaccounted
from c360.sources.lake import views as lake_views
from c360.sources.lake.key_conflicts import find_conflicts

FLAGS = "select line_id, amount, _has_key_conflict, _is_current from lake.till__lines order by all"


def flags(world: World) -> list[tuple[int, str, bool, bool]]:
    return [(key, f"{amount:.0f}", *rest) for key, amount, *rest in world.rows(FLAGS)]


def test_same_key_with_other_content_is_kept_and_flagged(world: World) -> None:
    """Of the rows of one key the one with the greatest version stands; rows of other keys are not touched."""
    world.land_lines("lines_1.csv", row(1, "5", "2026-06-30 10:00"), row(2, "1"))
    world.land_lines("lines_2.csv", row(1, "7", "2026-06-29 10:00"), row(1, "5", "2026-06-30 10:00"))
    world.ingest()

    assert flags(world) == [(1, "5", True, True), (1, "7", True, False), (2, "1", False, True)]
    assert world.rows("select * exclude file_digest from pipeline.key_conflicts order by file_name") == [
        ("till", "lines", "lines_1.csv", 2, True),
        ("till", "lines", "lines_2.csv", 2, False),
    ]


def test_view_joins_nothing_without_conflicts(world: World) -> None:
    """A table whose keys are all its own is as fast to read as its files."""
    world.land_lines("lines_1.csv", row(1), row(2))
    world.ingest()
    assert flags(world) == [(1, "10", False, True), (2, "10", False, True)]
    assert "join" not in str(world.rows("explain from lake.till__lines")).lower()

    world.land_lines("lines_2.csv", row(2, "1"))
    world.ingest()
    assert "join" in str(world.rows("explain from lake.till__lines")).lower()


def test_version_of_the_contract_decides_before_the_event_time(world: World) -> None:
    """The column a contract names as version says which row stands; naming another decides anew for old rows."""
    world.land_lines("lines_1.csv", row(1, "7", "2026-06-29 10:00"))
    world.land_lines("lines_2.csv", row(1, "5", "2026-06-30 10:00"))
    world.ingest()
    assert flags(world) == [(1, "5", True, True), (1, "7", True, False)]

    world.promise(TILL.replace("event_time: sold_at", "event_time: sold_at\n        version: amount"))
    world.ingest()
    assert flags(world) == [(1, "5", True, False), (1, "7", True, True)]


def test_rows_without_a_key_have_none_in_common(world: World) -> None:
    """What has no key at all is not taken for versions of one thing."""
    world.promise(TILL.replace("key: [line_id]", "key: [country, shift]"))
    world.land_lines("lines_1.csv", "1,2026-06-30,,,,,1,,\n", "2,2026-06-30,,,,,2,,\n", "3,2026-06-30,,,,FR,3,,\n")
    world.land_lines("lines_2.csv", "4,2026-06-30,,,,FR,4,,\n")
    world.ingest()

    assert flags(world) == [(1, "1", False, True), (2, "2", False, True), (3, "3", True, False), (4, "4", True, True)]


def test_only_keys_of_new_files_are_compared(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier run compared is not compared again, and what it found is kept."""
    compared: list[list[str] | None] = []

    def remember(engine, lake, fresh=None):  # type: ignore[no-untyped-def]
        compared.append(None if fresh is None else [account.file_name for account in fresh])
        return find_conflicts(engine, lake, fresh)

    monkeypatch.setattr(lake_views, "find_conflicts", remember)
    world.land_lines("lines_1.csv", row(1, "1"), row(1, "2"), row(2, "3"))
    world.ingest()
    world.land_lines("lines_2.csv", row(2, "4"), row(3, "5"))
    world.ingest()
    world.ingest()

    assert compared == [None, ["lines_2.csv"]]
    assert [line[2:] for line in flags(world)] == [
        (True, False),
        (True, True),
        (True, False),
        (True, True),
        (False, True),
    ]


def test_lost_warehouse_and_lost_file_are_compared_anew(world: World) -> None:
    """Nothing about conflicts lives in the warehouse only, and what is gone is in no conflict."""
    world.land_lines("lines_1.csv", row(1, "1"))
    landed = world.land_lines("lines_2.csv", row(1, "2"))
    world.ingest()
    before = flags(world)
    world.settings.warehouse_path.unlink()
    world.ingest()
    assert flags(world) == before == [(1, "1", True, False), (1, "2", True, True)]

    landed.unlink()
    [digest] = [
        digest
        for (digest,) in world.rows("select file_digest from pipeline.ingest_files where file_name = 'lines_2.csv'")
    ]
    for path in world.settings.lake_dir.rglob(f"{digest}.*"):
        path.unlink()
    world.ingest()
    assert flags(world) == [(1, "1", False, True)]


def test_rows_of_conflicts_hold_no_value(world: World) -> None:
    """The table of conflicts names rows by file and line."""
    world.land_lines("lines_1.csv", row(1, "1"), row(1, "2"))
    world.ingest()

    names = [name for (name,) in world.rows("select column_name from (describe pipeline.key_conflicts)")]
    assert names == ["source_name", "table_name", "file_name", "file_digest", "line", "is_current"]


FRESH = TILL.replace(
    "event_time: sold_at", "event_time: sold_at\n        freshness: {warn_after_hours: 24, error_after_hours: 48}"
)


@pytest.mark.parametrize(
    ("sold_at", "age_hours", "status"),
    [("2026-06-30T00:00Z", 24.0, "ok"), ("2026-06-29T23:00Z", 25.0, "warn"), ("2026-06-29T00:00Z", 48.0, "warn")],
)
def test_freshness_is_the_age_of_the_newest_event(
    world: World, printed: Callable[[], str], sold_at: str, age_hours: float, status: str
) -> None:
    """The newest event before the run's day counts, not one after it; a table that grows old is warned of."""
    world.promise(FRESH)
    world.land_lines("lines_1.csv", row(1, sold_at=sold_at), row(2, sold_at="2026-01-01"), row(3, sold_at="2026-07-02"))
    world.ingest()

    assert world.rows("select source_name, table_name, age_hours, status from pipeline.source_freshness") == [
        ("till", "lines", age_hours, status)
    ]
    assert ('"stale_table"' in printed()) is (status == "warn")


@pytest.mark.parametrize("sold_at", ["2026-06-28T23:00Z", "2026-07-02T00:00Z"])
def test_a_table_too_old_stops_the_run(world: World, sold_at: str) -> None:
    """Older than the contract allows, or nothing at all before the run's day: who to ask, and what to change."""
    world.promise(FRESH)
    world.land_lines("lines_1.csv", row(1, sold_at=sold_at))
    with pytest.raises(ContractError, match=r"till\.lines: .*48 are allowed.*stores-team.*freshness.*till\.yml"):
        world.ingest()

    assert world.rows("select status from pipeline.source_freshness") == [("error",)]
    assert world.rows("select count(*) from lake.till__lines") == [(1,)]


def test_table_without_a_promise_or_a_file_has_no_freshness(world: World) -> None:
    """A contract that promises none is held to none, and an optional table that never came is not late."""
    world.land_lines("lines_1.csv", row(1, sold_at="2020-01-01"))
    world.ingest()
    assert world.rows("select * from pipeline.source_freshness") == []

    world.promise(
        FRESH.replace("source: till", "source: kiosk").replace(
            "key: [line_id]", "key: [line_id]\n        optional: true"
        )
    )
    world.ingest()
    assert world.rows("select * from pipeline.source_freshness") == []


def test_contracts_can_be_queried(world: World) -> None:
    """The warehouse says of every column what the contract says, with the owner to ask and the purposes."""
    world.promise(
        TILL.replace("purposes: [analytics]", "purposes: [analytics, advertising]").replace(
            "amount: {type: decimal}", "amount: {type: decimal, description: What was paid., purposes: [analytics]}"
        )
    )
    world.land_lines("lines_1.csv", SOUND_ROW)
    world.ingest()

    columns = world.rows("select * from pipeline.source_columns order by column_position")
    assert len(columns) == len(HEADER.split(","))
    assert columns[0][2:] == (
        "line_id", 1, "integer", None, "analytics, advertising", "stores-team", "", True, True, False, False,
    )  # fmt: skip
    assert [one[5] for one in columns[2:5]] == ["name", "email", "phone"]
    assert columns[6][2:9] == ("amount", 7, "decimal", None, "analytics", "stores-team", "What was paid.")
    assert columns[1][-2:] == (True, True)


def test_run_is_on_record_with_every_file_and_refused_row(world: World) -> None:
    """Which run took a file, and which one put a row into quarantine, can be looked up."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2, amount="x"))
    world.ingest(run_id="first")
    world.land_lines("lines_2.csv", row(3), row(4, amount="y"))
    world.ingest(date(2026, 7, 2), run_id="second")

    for table in ("ingest_files", "quarantined_rows"):
        assert world.rows(f"select file_name, run_id from pipeline.{table} order by all") == [
            ("lines_1.csv", "first"),
            ("lines_2.csv", "second"),
        ]


def take_a_row_from(path: Path) -> None:
    rows = pq.read_table(path)
    pq.write_table(rows.slice(0, rows.num_rows - 1), path)


@pytest.mark.parametrize(
    ("folder", "what"),
    [("lake", "2 rows are accounted for as accepted, 1 are there"), ("quarantine", "quarantined, 0")],
)
def test_rows_that_went_missing_stop_the_run(world: World, folder: str, what: str) -> None:
    """When the lake or the quarantine holds fewer rows than the accounts say, the run fails with its own exit code."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2), row(3, amount="x"))
    world.ingest()
    (path,) = (world.settings.data_dir / folder).rglob("*.parquet")
    take_a_row_from(path)
    with pytest.raises(RowsUnaccounted, match=what) as caught:
        world.ingest()
    assert caught.value.exit_code == 8


def test_an_account_that_does_not_add_up_stops_the_run(world: World) -> None:
    """The sum over files is checked again in the warehouse, whatever wrote the manifests."""
    world.land_lines("lines_1.csv", SOUND_ROW, row(2))
    world.ingest()
    (manifest,) = world.settings.lake_dir.rglob("*.json")
    manifest.write_text(manifest.read_text().replace('"read_count": 2', '"read_count": 3'))
    with pytest.raises(RowsUnaccounted, match=r"till\.lines: rows read are not accepted \+ duplicates \+ quarantined"):
        world.ingest()
