"""The files of the sample world: their bytes, names, columns and clocks."""

import dataclasses
import re
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from sample.landed import CUSTOMERS, TABLES, UNTIL, Landed, land

from c360.core.errors import ConfigurationError
from c360.core.settings import Settings
from c360.sample.files import write_text
from c360.sample.truth import Request
from c360.sample.world import World
from c360.steps.sample import sample

CLOCKS = {
    ("web_shop", "accounts"): ("updated_at", "%Y-%m-%dT%H:%M:%SZ", "UTC"),
    ("web_shop", "orders"): ("ordered_at", "%Y-%m-%dT%H:%M:%SZ", "UTC"),
    ("web_shop", "order_lines"): ("ordered_at", "%Y-%m-%dT%H:%M:%SZ", "UTC"),
    ("pos", "receipt_lines"): ("sold_at", "%Y-%m-%d %H:%M:%S", "Europe/Paris"),
    ("loyalty", "members"): ("updated_at", "%Y-%m-%d %H:%M:%S", "Europe/Paris"),
    ("consents", "decisions"): ("decided_at", "%Y-%m-%dT%H:%M:%SZ", "UTC"),
}
"""The event time of some tables, and how their clocks write it."""


@pytest.mark.parametrize(("source", "name"), CLOCKS)
def test_nothing_happens_after_the_export(landed: Landed, source: str, name: str) -> None:
    """Every event lies before midnight UTC of `until`, on the clock and in the format of its source."""
    column, clock, zone = CLOCKS[source, name]
    times = pd.to_datetime(landed.table(source, name).good[column], format=clock)
    moments = times.dt.tz_localize(ZoneInfo(zone)).dt.tz_convert("UTC")  # raises on an hour that clocks skip or repeat

    assert len(moments) > 100
    assert moments.max() < pd.Timestamp(UNTIL, tz="UTC")


@pytest.mark.parametrize(("source", "name"), TABLES)
def test_landed_files_are_listed(landed: Landed, source: str, name: str) -> None:
    """The truth and the summary know how many lines each file has, the files that came again included."""
    listed = landed.truth("landed_files").query("source == @source and table == @name")
    once = listed[listed["delivery"] != "again"]["line_count"].sum()

    assert once == landed.table(source, name).line_count > 0
    assert landed.summary.row_counts[f"{source}.{name}"] == listed["line_count"].sum()


def test_every_landed_file_is_listed(landed: Landed) -> None:
    """The truth names the files in the landing and no others."""
    listed = landed.truth("landed_files")
    paths = {path for path in landed.files() if path.startswith("landing/")}

    assert len(listed) > len(TABLES)
    assert paths == set("landing/" + listed["source"] + "/" + listed["file_name"])


def test_some_files_are_late_and_some_come_again(landed: Landed) -> None:
    """A late file bears a past day and holds rows of it; one that comes again holds the same as the late one."""
    listed = landed.truth("landed_files").set_index("delivery")
    files = landed.files()
    late, again = listed.loc[["late"]], listed.loc[["again"]]

    assert len(late) > len(again) > 0
    assert late["file_name"].str.contains("_late").all()
    for source, file_name in zip(again["source"], again["file_name"], strict=True):
        assert files[f"landing/{source}/{file_name}"] == files[f"landing/{source}/{file_name.replace('_again', '')}"]


def test_same_arguments_give_the_same_bytes(landed: Landed, tmp_path: Path) -> None:
    """A world is its arguments: written elsewhere, every file of landing and truth is the same."""
    again = land(tmp_path)

    assert len(landed.files()) > len(TABLES)
    assert again.files() == landed.files()


def test_another_seed_gives_another_world(landed: Landed, tmp_path: Path) -> None:
    """No landed file of another seed equals its namesake."""
    other = land(tmp_path, seed=8).files()
    world = {name: content for name, content in landed.files().items() if name.startswith("landing")}

    assert len(world) > len(TABLES)
    assert [name for name, content in world.items() if other.get(name) == content] == []


def test_a_sample_replaces_the_sample_before(tmp_path: Path) -> None:
    """A second sample removes the files of the first and leaves what somebody else landed."""
    land(tmp_path, customers=50, until=date(2026, 6, 30))
    theirs = tmp_path / "landing" / "salesforce" / "Contact_2026-06-01.csv"
    theirs.write_text("Id\n")
    land(tmp_path, customers=50, until=date(2026, 7, 1))
    listed = pd.read_csv(tmp_path / "truth" / "landed_files.csv")["file_name"]
    found = {path.name for path in (tmp_path / "landing").rglob("*") if path.is_file()}

    assert theirs.exists()
    assert found == {theirs.name, *listed}


def test_a_killed_sample_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that a sample had written when it was stopped go away with the next one."""
    with monkeypatch.context() as patch:
        patch.setattr("c360.sample.writing.tell_truth", lambda *_: pytest.fail("stopped"))
        with pytest.raises(pytest.fail.Exception):
            land(tmp_path, customers=50, until=date(2026, 6, 30))
    left = [path for path in (tmp_path / "landing").rglob("*") if path.is_file()]
    listed = land(tmp_path, customers=50).truth("landed_files")["file_name"]

    assert len({path.name for path in left} - set(listed)) > 7
    assert [path for path in left if path.exists() and path.name not in set(listed)] == []


def test_a_broken_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is replaced whole or not at all, and nothing half-written stays behind."""
    path = tmp_path / "contacts.csv"
    write_text(path, "old")
    monkeypatch.setattr(Path, "replace", lambda *_: pytest.fail("stopped"))
    with pytest.raises(pytest.fail.Exception):
        write_text(path, "new")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_number_of_workers_does_not_show(tmp_path: Path) -> None:
    """A world of several blocks is the same whether one process writes it or two."""
    world = dataclasses.replace(World(), block_people=70)
    request = Request(200, 7, UNTIL, 1)
    alone, together = (Landed(tmp_path / name, None) for name in ("alone", "together"))  # type: ignore[arg-type]
    sample(Settings(data_dir=alone.data_dir), request, world=world, worker_count=1)
    sample(Settings(data_dir=together.data_dir), request, world=world, worker_count=2)

    assert len(alone.files()) > 3 * 7
    assert alone.files() == together.files()


def test_blocks_share_no_id(tmp_path: Path) -> None:
    """Blocks of people have ids of their own, and together they are the people that were asked for."""
    landed = land(tmp_path, customers=300, world=dataclasses.replace(World(), block_people=70))
    keys = {
        ("web_shop", "orders"): ["order_id"],
        ("pos", "receipt_lines"): ["receipt_id", "line_number"],
        ("consents", "decisions"): ["decision_id"],
        ("salesforce", "contacts"): ["id", "last_modified_at"],
        ("hubspot", "contacts"): ["record_id", "last_modified_at"],
        ("loyalty", "members"): ["loyalty_number", "updated_at"],
        ("email", "events"): ["event_id"],
    }
    repeated = {table: int(landed.table(*table).good.duplicated(key).sum()) for table, key in keys.items()}
    people = landed.truth("people")

    assert len(list((tmp_path / "landing" / "salesforce").glob("Contact_*"))) == 5
    assert set(repeated.values()) == {0}
    assert len(people) == people["person_id"].nunique() == 300
    assert landed.truth("records")["record_id"].is_unique
    assert len(landed.truth("campaigns")) == World().campaigning.campaign_count


@pytest.mark.parametrize("wanted", [30.0, 80.0])
def test_a_world_has_as_many_events_as_asked_for(tmp_path: Path, wanted: float) -> None:
    """Web events, orders and campaign contacts per person come out as asked."""
    request = Request(2000, 11, UNTIL, 2, events_per_customer=wanted)
    landed = Landed(tmp_path, sample(Settings(data_dir=tmp_path), request))
    receipts = landed.table("pos", "receipt_lines").good["receipt_id"].nunique()
    found = len(landed.web_events()) + len(landed.table("web_shop", "orders").good) + receipts
    found += landed.truth("treatments")["is_treated"].sum()

    assert found / 2000 == pytest.approx(wanted, rel=0.05)


def test_too_few_events_are_refused(tmp_path: Path) -> None:
    """Fewer events than orders bring are impossible, and the message says what to do."""
    with pytest.raises(ConfigurationError, match="--events-per-customer"):
        sample(Settings(data_dir=tmp_path), Request(100, 7, UNTIL, 2, events_per_customer=5.0))


@pytest.mark.parametrize("arguments", [{"customers": 0}, {"years": 0}, {"seed": -1}])
def test_an_impossible_world_is_refused(tmp_path: Path, arguments: dict[str, int]) -> None:
    """Nonsense ends in a message that says what works, and writes nothing."""
    with pytest.raises(ConfigurationError, match="c360 sample"):
        sample(
            Settings(data_dir=tmp_path), Request(**{"customers": 5, "seed": 7, "until": UNTIL, "years": 2} | arguments)
        )

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("customers", [1, 2, 20])
def test_a_tiny_world_is_clean(tmp_path: Path, customers: int) -> None:
    """A world of a few people can be written, and tables of under a hundred rows have no faults."""
    tiny = land(tmp_path, customers=customers)

    assert tiny.summary.person_count == customers
    assert tiny.truth("planted_faults").query("table == 'accounts'").empty


def test_the_readme_tells_this_world(landed: Landed) -> None:
    """The README of the truth names the arguments and every file beside it."""
    text = (landed.data_dir / "truth" / "README.md").read_text()
    names = {path.name for path in (landed.data_dir / "truth").iterdir()} - {"README.md"}

    assert f"{CUSTOMERS} people, seed 7, 2 years before 2026-07-01" in text
    assert names == set(re.findall(r"^\| `([a-z_.]+)`", text, flags=re.MULTILINE))
