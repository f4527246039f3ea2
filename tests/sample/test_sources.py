"""Every source system writes its native columns and formats, and whose each record is stands in the truth."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sample.landed import UNTIL, Landed
from sample.source_files import TABLES, SourceTable, source_table, top_keys

from c360.core.settings import Settings
from c360.privacy.hashing import md5_hex
from c360.sample.truth import Request
from c360.sample.world import World
from c360.steps.sample import sample

TOWN = 2500
"""People enough for every source to have rows."""
DAY = r"[12]\d{3}-\d\d-\d\d"
TIMESTAMP = re.compile(rf"{DAY}[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?|\d{{10}}|\d{{13}}|\d{{16}}")
PARSERS: dict[str, Callable[[Any], object]] = {
    "integer": int,
    "decimal": Decimal,
    "date": lambda value: date.fromisoformat(str(value)),
    "boolean": lambda value: {"true": True, "false": False, True: True, False: False}[value],
    "timestamp": lambda value: TIMESTAMP.fullmatch(str(value))[0],  # type: ignore[index]
    "json": lambda value: [] if isinstance(value, list | dict) else int("not an object"),
    "string": str,
}


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Landed:
    """A world large enough that everything happens in it."""
    return _write(tmp_path_factory.mktemp("town"))


def _write(data_dir: Path) -> Landed:
    return Landed(data_dir, sample(Settings(data_dir=data_dir), Request(TOWN, 7, UNTIL, years=2)))


@pytest.fixture(params=TABLES, ids=".".join)
def table(town: Landed, request: pytest.FixtureRequest) -> SourceTable:
    """Each table of each source in turn."""
    return source_table(town.data_dir, *request.param)


def test_contracts_and_sources_are_the_same(town: Landed) -> None:
    """Every landed file is named by one table of its contract, and every source has a contract."""
    landed = {path for path in (town.data_dir / "landing").rglob("*") if path.is_file()}
    named = [path for source, name in TABLES for path in source_table(town.data_dir, source, name).paths]

    assert len(TABLES) == 22
    assert sorted(named) == sorted(landed)


def test_columns_are_those_of_the_contract(table: SourceTable) -> None:
    """Each column stands where the contract looks for it; where drift fails, there is no other."""
    promised = top_keys(table.contract)

    assert len(table.rows) > 10
    for row in table.rows:
        assert promised <= set(row)
    if table.contract.get("drift", "fail") == "fail":
        assert set(table.rows[0]) == promised


def test_values_are_of_their_type(table: SourceTable) -> None:
    """Every value of a good row parses as what the contract says, and required ones are there."""
    for name, column in table.contract["columns"].items():
        found = [value for value in table.values(name) if value is not None]
        for value in found:
            PARSERS[column["type"]](value)
        if column.get("required"):
            assert len(found) == len(table.rows), name
        assert found, f"{name} is always empty"


def test_keys_are_unique(table: SourceTable) -> None:
    """No two different good rows share a key, save the versions of an order."""
    keys = _keys(table)

    assert len(set(keys)) == len(keys) > 10


def _keys(table: SourceTable) -> list[tuple[str, ...]]:
    key = [*table.contract["key"]] + [table.contract[name] for name in ("version",) if name in table.contract]
    return [tuple(str(value) for value in row) for row in table.records(*key)]


RECORDS = {
    "salesforce:contact:": ("salesforce", "contacts", "id"),
    "hubspot:contact:": ("hubspot", "contacts", "record_id"),
    "loyalty:member:": ("loyalty", "members", "loyalty_number"),
    "shopify:customer:": ("shopify", "customers", "id"),
    "segment:user:": ("segment", "calls", "user_id"),
    "ga4:user:": ("ga4", "events", "user_id"),
    "signups:signup:": ("signups", "signups", "signup_id"),
    "call_centre:contact:": ("call_centre", "contacts", "contact_id"),
    "surveys:response:": ("surveys", "responses", "response_id"),
    "virtual_store:avatar:": ("virtual_store", "avatar_events", "avatar_id"),
    "web_shop:account:": ("web_shop", "accounts", "account_id"),
    "consents:subject:": ("consents", "decisions", "subject_id"),
    "pos:loyalty:": ("pos", "receipt_lines", "loyalty_number"),
}
"""How identity names the records of a source that are known by one column."""


@pytest.mark.parametrize("prefix", RECORDS)
def test_truth_knows_whose_each_record_is(town: Landed, prefix: str) -> None:
    """Each id in the files has one person, and each record of the truth can be found in a file."""
    source, name, column = RECORDS[prefix]
    landed = {prefix + str(value) for value in source_table(town.data_dir, source, name).values(column) if value}
    told = _told(town)

    assert len(landed) > 5
    assert landed == {record_id for record_id in told if record_id.startswith(prefix)}


def test_truth_knows_whose_each_guest_order_is(town: Landed) -> None:
    """Orders of guests, and receipts sent by e-mail without a card, are records of their own."""
    outlet = source_table(town.data_dir, "shopify", "orders").records("id", "customer_id")
    web = source_table(town.data_dir, "web_shop", "orders").records("order_id", "account_id")
    receipts = source_table(town.data_dir, "pos", "receipt_lines").records("receipt_id", "loyalty_number", "email")
    guests = {
        *(f"shopify:order:{order}" for order, customer in outlet if not customer),
        *(f"web_shop:order:{order}" for order, account in web if not account),
        *(f"pos:receipt:{receipt}" for receipt, card, email in receipts if email and not card),
    }
    told = _told(town)

    assert len(guests) > 100
    assert guests == {each for each in told if each.startswith(("shopify:order:", "web_shop:order:", "pos:receipt:"))}
    assert set(told.values()) <= set(town.truth("people")["person_id"])


@pytest.mark.parametrize(
    ("source", "table", "columns", "owners"),
    [
        ("ga4", "events", ("user_pseudo_id", "user_id"), "devices"),
        ("segment", "calls", ("anonymous_id", "user_id"), "app_devices"),
    ],
)
def test_truth_knows_whose_each_anonymous_device_is(
    town: Landed, source: str, table: str, columns: tuple[str, str], owners: str
) -> None:
    """A device that was used without signing in is a record of its person; a tablet's or a passer-by's is nobody's."""
    sightings = source_table(town.data_dir, source, table).records(*columns)
    anonymous = {device for device, user in sightings if not user}
    owner_of = town.truth(owners).set_index("anonymous_id")["person_id"]
    told = {record: person for record, person in _told(town).items() if record.startswith(f"{source}:device:")}

    assert len(told) > 50
    assert told == {
        f"{source}:device:{md5_hex(device)}": owner_of[device] for device in anonymous & set(owner_of.index)
    }


def test_a_purchase_names_its_order(town: Landed) -> None:
    """Each web order was bought in one event, by its account where the tracker knew one, else by a guest."""
    events = source_table(town.data_dir, "ga4", "events").records("event_name", "transaction_id", "user_id")
    orders = source_table(town.data_dir, "web_shop", "orders").records("order_id", "account_id")
    bought = [(order, user or None) for name, order, user in events if name == "purchase"]

    assert len(bought) > 500
    assert {user is None for _, user in bought} == {True, False}
    assert set(bought) == {(order, account or None) for order, account in orders}
    assert not any(order for name, order, _ in events if name != "purchase")


def _told(town: Landed) -> dict[str, str]:
    """Record to person."""
    records = town.truth("records")
    assert records["record_id"].is_unique
    return dict(zip(records["record_id"], records["person_id"], strict=True))


def test_same_arguments_give_the_same_bytes_in_every_format(town: Landed, tmp_path: Path) -> None:
    """Parquet, CSV, JSON lines, compressed or not: written again elsewhere, every file is the same."""
    again = _write(tmp_path).files()

    assert {name.partition(".")[2] for name in again} >= {"parquet", "csv", "csv.gz", "jsonl", "jsonl.gz"}
    assert again == town.files()


def test_ids_are_unique_over_blocks(tmp_path: Path) -> None:
    """In a world that is written in parts, no two parts give the same id, and products and costs come once."""
    world = replace(World(), block_people=300)
    landed = Landed(tmp_path, sample(Settings(data_dir=tmp_path), Request(900, 7, UNTIL, years=2), world=world))
    names = [path.name for path in (tmp_path / "landing").rglob("*") if path.is_file()]

    assert len([name for name in names if name.startswith("hubspot-")]) == 3
    assert [len([name for name in names if name.startswith(table)]) for table in ("products_", "costs_")] == [1, 1]
    assert len(_told(landed)) > 3000
    for source, name in TABLES:
        keys = _keys(source_table(tmp_path, source, name))
        assert len(set(keys)) == len(keys) > 0, (source, name)


def test_google_writes_whole_numbers_as_text_in_json_only(town: Landed) -> None:
    """BigQuery's JSON has its whole numbers in quotes, at any depth; its Parquet has numbers."""
    events = source_table(town.data_dir, "ga4", "events")
    by_type: dict[type, list[dict[str, Any]]] = {int: [], str: []}
    for row in events.rows:
        by_type[type(row["event_timestamp"])].append(row)

    assert len(by_type[str]) > 10
    assert len(by_type[int]) > 1000
    for kind, rows in by_type.items():
        whole = [parameter["value"]["int_value"] for row in rows for parameter in row["event_params"]]
        assert {type(value) for value in whole if value is not None} == {kind}


def test_loyalty_file_is_latin_1(town: Landed) -> None:
    """The file is not UTF-8, holds accents in single bytes, and is cut at semicolons."""
    [path] = source_table(town.data_dir, "loyalty", "members").paths

    with pytest.raises(UnicodeDecodeError):
        path.read_bytes().decode()
    assert "é" in path.read_text(encoding="latin-1")


def test_salesforce_streets_break_lines_inside_quotes(town: Landed) -> None:
    """Some streets fill two lines; ids are the 18 characters by which Salesforce names contacts."""
    contacts = source_table(town.data_dir, "salesforce", "contacts")
    broken = [street for street in contacts.values("street") if "\n" in street]

    assert 0.05 < len(broken) / len(contacts.rows) < 0.2
    assert all(re.fullmatch(r"003[A-Za-z0-9]{12}[A-Z0-5]{3}", contact) for contact in contacts.values("id"))


def test_a_till_sends_several_files_a_day(town: Landed) -> None:
    """The last three days land in files of their own, one for each group of stores, the past in one file."""
    names = [path.name for path in source_table(town.data_dir, "pos", "receipt_lines").paths]

    assert "receipt_lines_2026-06-27_history.csv.gz" in names
    for day in ("2026-06-28", "2026-06-29", "2026-06-30"):
        assert len([name for name in names if day in name]) > 1


def test_late_files_hold_an_old_day_and_one_comes_twice(town: Landed) -> None:
    """Late files bear the day of their rows, which no other file holds; one lands again under another name."""
    visits = source_table(town.data_dir, "store_visits", "visits")
    late, again = sorted((path for path in visits.paths if "_late" in path.name), key=lambda path: len(path.name))
    day = late.name.removeprefix("visits_").removesuffix("_late.csv")
    on_time = pd.read_csv(next(path for path in visits.paths if "_late" not in path.name), dtype=str)

    assert late.read_bytes() == again.read_bytes()
    assert pd.read_csv(late)["entered_at"].str.startswith(day).all()
    assert not on_time["entered_at"].dropna().str.startswith(day).any()
