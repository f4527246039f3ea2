"""The files of the sample world: their bytes, names, columns and clocks."""

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
from c360.sample import files
from c360.sample.files import write_text
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
    """The truth and the summary know how many lines each file has."""
    listed = landed.truth("landed_files").set_index(["source", "table"])["line_count"]
    line_count = len(landed.table(source, name).lines)

    assert listed[source, name] == line_count
    assert landed.summary.row_counts[f"{source}.{name}"] == line_count


def test_same_arguments_give_the_same_bytes(landed: Landed, tmp_path: Path) -> None:
    """A world is its arguments: written elsewhere, every file of landing and truth is the same."""
    again = land(tmp_path)

    assert len(landed.files()) == 7 + 9
    assert again.files() == landed.files()


def test_another_seed_gives_another_world(landed: Landed, tmp_path: Path) -> None:
    """No landed file of another seed equals its namesake."""
    other = land(tmp_path, seed=8).files()
    world = {name: content for name, content in landed.files().items() if name.startswith("landing")}

    assert len(world) == 7
    assert [name for name, content in world.items() if other[name] == content] == []


def test_a_sample_replaces_the_sample_before(tmp_path: Path) -> None:
    """A second sample removes the files of the first and leaves what somebody else landed."""
    land(tmp_path, customers=50, until=date(2026, 6, 30))
    theirs = tmp_path / "landing" / "crm" / "contacts_2026-06-01.csv"
    theirs.write_text("contact_id\n")
    land(tmp_path, customers=50, until=date(2026, 7, 1))
    dates = {re.sub(r".*_(\d{4}-\d\d-\d\d)\..*", r"\1", path.name) for path in (tmp_path / "landing").rglob("*_*")}

    assert theirs.exists()
    assert dates - {"web_shop", "web_events"} == {"2026-06-01", "2026-07-01"}


def test_a_broken_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is replaced whole or not at all, and nothing half-written stays behind."""
    path = tmp_path / "contacts.csv"
    write_text(path, "old")
    monkeypatch.setattr(Path, "replace", lambda *_: pytest.fail("stopped"))
    with pytest.raises(pytest.fail.Exception):
        write_text(path, "new")

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_chunks_do_not_show(landed: Landed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many rows are turned into text at once changes no landed byte."""
    monkeypatch.setattr(files, "ROWS_PER_CHUNK", 97)

    assert land(tmp_path).files() == landed.files()


@pytest.mark.parametrize("arguments", [{"customers": 0}, {"years": 0}, {"seed": -1}])
def test_an_impossible_world_is_refused(tmp_path: Path, arguments: dict[str, int]) -> None:
    """Nonsense ends in a message that says what works, and writes nothing."""
    with pytest.raises(ConfigurationError, match="c360 sample"):
        sample(Settings(data_dir=tmp_path), until=UNTIL, **arguments)

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
