"""The files of the sample world: their bytes, names, columns and clocks."""

import dataclasses
import gzip
import re
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
import yaml
from sample.landed import CUSTOMERS, UNTIL, Landed, land

from c360.core.errors import ConfigurationError
from c360.core.settings import PROJECT_DIR, Settings
from c360.sample.files import write_text
from c360.sample.truth import Request
from c360.sample.world import World
from c360.steps.sample import sample

CONTRACTS = {path.stem: yaml.safe_load(path.read_text()) for path in (PROJECT_DIR / "contracts").glob("*.yml")}
TABLES = [(source, name) for source, contract in CONTRACTS.items() for name in contract["tables"]]
"""Every table that a contract speaks of."""


def test_every_contract_is_met() -> None:
    """The tests below run over the seven tables of the five sources."""
    assert len(TABLES) == 7


@pytest.mark.parametrize(("source", "name"), TABLES)
def test_columns_and_file_names_are_those_of_the_contract(landed: Landed, source: str, name: str) -> None:
    """A table lands in the file its contract looks for, with its columns and no others."""
    contract = CONTRACTS[source]["tables"][name]
    file_names = [path.name for path in (landed.data_dir / "landing" / source).iterdir()]

    assert landed.table(source, name).columns == list(contract["columns"])
    assert sum(fnmatch(file_name, contract["files"]) and "_2026-07-01." in file_name for file_name in file_names) == 1


@pytest.mark.parametrize(("source", "name"), TABLES)
def test_required_values_are_there(landed: Landed, source: str, name: str) -> None:
    """A good row has a value wherever its contract wants one, and its key is its own."""
    contract = CONTRACTS[source]["tables"][name]
    good = landed.table(source, name).good
    required = [column for column, meaning in contract["columns"].items() if meaning.get("required")]

    assert len(good) > 100
    assert good[required].notna().all(axis=None)
    assert not good.duplicated(contract["key"]).any()


@pytest.mark.parametrize(("source", "name"), TABLES)
def test_nothing_happens_after_the_export(landed: Landed, source: str, name: str) -> None:
    """Every event lies before midnight UTC of `until`, on the clock and in the format of its source."""
    contract = CONTRACTS[source]["tables"][name]
    texts = landed.table(source, name).good[contract["event_time"]]
    zone = contract.get("timezone")
    times = pd.to_datetime(texts, format="%Y-%m-%d %H:%M:%S" if zone else "%Y-%m-%dT%H:%M:%SZ")
    moments = times.dt.tz_localize(ZoneInfo(zone) if zone else "UTC")  # raises on an hour that clocks skip or repeat

    assert len(moments) > 100
    assert moments.max() < pd.Timestamp(UNTIL, tz="UTC")


@pytest.mark.parametrize(("source", "name"), TABLES)
def test_landed_files_are_listed(landed: Landed, source: str, name: str) -> None:
    """The truth and the summary know how many lines each file has, the files that came again included."""
    listed = landed.truth("landed_files").query("source == @source and table == @name")
    once = listed[listed["delivery"] != "again"]["line_count"].sum()

    assert once == len(landed.table(source, name).lines)
    assert landed.summary.row_counts[f"{source}.{name}"] == listed["line_count"].sum()


def test_every_landed_file_is_listed(landed: Landed) -> None:
    """The truth names the files in the landing and no others."""
    listed = landed.truth("landed_files")
    paths = {path for path in landed.files() if path.startswith("landing/")}

    assert len(listed) == 7 + 3
    assert paths == set("landing/" + listed["source"] + "/" + listed["file_name"])


def test_some_files_are_late_and_some_come_again(landed: Landed) -> None:
    """A late file holds the rows of the past day in its name, which no other file has; one comes twice, the same."""
    listed = landed.truth("landed_files").set_index("delivery")
    files = landed.files()
    late, [again] = listed.loc[["late"]], listed.loc[["again"], "file_name"]
    assert len(late) == 2

    for source, file_name in zip(late["source"], late["file_name"], strict=True):
        [day] = re.findall(r"\d{4}-\d\d-\d\d", file_name)
        [main] = [name for name in files if name.startswith(f"landing/{source}/") and "2026-07-01" in name]
        text, rest = (_text(files[name]) for name in (f"landing/{source}/{file_name}", main))
        assert day < "2026-07-01"
        assert text.count(day) >= text.count("\n") - 1 > 0
        assert day not in rest
    assert files[f"landing/pos/{again}"] == files[f"landing/pos/{again.replace('_again', '')}"]


def _text(packed: bytes) -> str:
    return gzip.decompress(packed).decode()


def test_same_arguments_give_the_same_bytes(landed: Landed, tmp_path: Path) -> None:
    """A world is its arguments: written elsewhere, every file of landing and truth is the same."""
    again = land(tmp_path)

    assert len(landed.files()) == 7 + 3 + 14
    assert again.files() == landed.files()


def test_another_seed_gives_another_world(landed: Landed, tmp_path: Path) -> None:
    """No landed file of another seed equals its namesake."""
    other = land(tmp_path, seed=8).files()
    world = {name: content for name, content in landed.files().items() if name.startswith("landing")}

    assert len(world) == 7 + 3
    assert [name for name, content in world.items() if other.get(name) == content] == []


def test_a_sample_replaces_the_sample_before(tmp_path: Path) -> None:
    """A second sample removes the files of the first and leaves what somebody else landed."""
    land(tmp_path, customers=50, until=date(2026, 6, 30))
    theirs = tmp_path / "landing" / "crm" / "contacts_2026-06-01.csv"
    theirs.write_text("contact_id\n")
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
    land(tmp_path, customers=50)

    assert len(left) >= 7
    assert not [path for path in left if path.exists()]


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
        ("web_events", "events"): ["event_id"],
        ("consents", "decisions"): ["decision_id"],
        ("crm", "contacts"): ["contact_id", "updated_at"],
    }
    repeated = {table: int(landed.table(*table).good.duplicated(key).sum()) for table, key in keys.items()}
    people = landed.truth("people")

    assert len(list((tmp_path / "landing" / "crm").glob("contacts_*"))) == 5
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
    found = len(landed.table("web_events", "events").good) + len(landed.table("web_shop", "orders").good) + receipts
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
