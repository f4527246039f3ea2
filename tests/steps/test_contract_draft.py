"""A drafted contract: it loads, loses nothing of its own sample, guesses what can be seen, and shows no value."""

import gzip
import json
import re
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner
from world import World

from c360.cli import app
from c360.core.errors import ConfigurationError, ContractError
from c360.core.settings import Settings
from c360.sample.truth import Request
from c360.sources.contracts.contract import Table
from c360.sources.contracts.loading import load_contract
from c360.sources.lake.accounts import FileAccount
from c360.steps.contract import check, new
from c360.steps.sample import sample

CONTACTS = (
    "Contact Id;FirstName;E-Mail Address;mobile;Zip Code;country_code;Score;is_active;createdAt;birthday\n"
    "0012;Zoé;zoe.martin@example.org;0612345678;01230;FR;1.5;1;2026-06-30 10:00:00;1990-02-28\n"
    '0013;"Jean; dit ""Jo""";;33612345679;75011;FR;2;0;2026-06-30 11:00:00;\n'
    "0014;;max@example.org;;;DE;;1;2026-06-29 10:00:00;1980-01-01\n"
)
EVENTS = [
    {"messageId": "m1", "type": "track", "timestamp": "2026-06-30T10:00:00Z", "context": {"device": {"id": "d1"}},
     "traits": {"email": "zoe.martin@example.org"}, "items": [{"sku": "a"}], "value": 1},
    {"messageId": "m2", "type": "page", "timestamp": "2026-06-30T10:00:01Z", "context": {"device": {"id": None}},
     "counts": {"10115": 3}, "value": 2.5},
]  # fmt: skip
EVENT_LINES = "".join(json.dumps(event) + "\n" for event in EVENTS)
PERSONAL_VALUES = ("zoe.martin@example.org", "max@example.org", "Zoé", "0612345678", "33612345679", "10115")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A folder without any contract."""
    world = World(tmp_path)
    world.settings.contracts_dir.mkdir()
    return world


def draft(world: World, sample_file: Path, source: str) -> Table:
    """The only table of the drafted contract, which loads."""
    drafted = new(world.settings, sample_file)
    assert drafted.path == world.settings.contracts_dir / f"{source}.yml"
    (table,) = load_contract(drafted.path).tables.values()
    return table


def ingest_alone(world: World) -> FileAccount:
    (account,) = world.ingest(date(2026, 7, 1))
    assert account.is_balanced
    return account


@pytest.mark.parametrize("name", ["contacts_2026-07-01.csv", "contacts_2026-07-01.csv.gz", "contacts.csv"])
def test_csv_file_is_drafted(world: World, name: str) -> None:
    """Delimiter, names, types, key, time, personal classes: what a person would write, and the sample loads whole."""
    content = CONTACTS.encode()
    landed = world.land(name, gzip.compress(content) if name.endswith("gz") else content, "crm")
    table = draft(world, landed, "crm")

    assert (table.format, table.delimiter, table.key, table.event_time) == ("csv", ";", ["contact_id"], "created_at")
    assert {name: (column.type, column.personal) for name, column in table.columns.items()} == {
        "contact_id": ("string", "customer_number"),
        "first_name": ("string", "name"),
        "e_mail_address": ("string", "email"),
        "mobile": ("string", "phone"),
        "zip_code": ("string", "postal_code"),
        "country_code": ("string", None),
        "score": ("decimal", None),
        "is_active": ("boolean", None),
        "created_at": ("timestamp", None),
        "birthday": ("date", "birth_date"),
    }
    assert table.columns["mobile"].country_column == "country_code"
    assert table.columns["contact_id"].required
    assert ingest_alone(world).accepted_count == 3


def test_json_lines_are_drafted_by_path(world: World) -> None:
    """Values inside objects become columns of their own; lists, and maps whose keys are values, stay whole."""
    landed = world.land("calls_2026-07-01.jsonl.gz", gzip.compress(EVENT_LINES.encode()), "app")
    table = draft(world, landed, "app")

    assert {name: (column.source_name, column.type, column.personal) for name, column in table.columns.items()} == {
        "message_id": ("messageId", "string", None),
        "type": (None, "string", None),
        "timestamp": (None, "timestamp", None),
        "context_device_id": ("$.context.device.id", "string", "device"),
        "traits_email": ("$.traits.email", "string", "email"),
        "items": (None, "json", None),
        "value": (None, "decimal", None),
        "counts": (None, "json", None),
    }
    assert (table.key, table.event_time, table.files) == (["message_id"], "timestamp", "calls_*.jsonl*")
    assert ingest_alone(world).accepted_count == 2


def test_parquet_file_is_drafted(world: World) -> None:
    """Types are those the values have as text, so that the draft is read as any other contract."""
    landed = world.land("lines_1.parquet", b"", "shop")
    columns = {"order": ["a", "a", "b"], "line": [1, 2, 1], "amount": [1.25, None, 3.0], "day": [date(2026, 6, 30)] * 3}
    pq.write_table(pa.table(columns), landed)
    table = draft(world, landed, "shop")

    assert {name: column.type for name, column in table.columns.items()} == {
        "order": "string", "line": "integer", "amount": "decimal", "day": "date",
    }  # fmt: skip
    assert table.key == ["order", "line"]
    assert ingest_alone(world).accepted_count == 3


@pytest.mark.parametrize(
    ("values", "column_type"),
    [
        (["1", "2"], "integer"),
        (["1", "01"], "string"),
        (["1", "99999999999999999999"], "string"),
        (["1.5", "2"], "decimal"),
        (["48.856613", "2"], "string"),
        (["1e3", "2"], "string"),
        (["true", "FALSE"], "boolean"),
        (["0", "1"], "integer"),
        (["2026-06-30", "2026-02-28"], "date"),
        (["2026-06-30", "2026-02-30"], "string"),
        (["2026-06-30 10:00", "2026-06-30T10:00:00+02:00"], "timestamp"),
        (["2026-06-30 10:00", "2026-06-30 25:00"], "string"),
        (["30/06/2026"], "string"),
        (["{}", '"[1]"'], "json"),
        (["{}", '"[1"'], "string"),
        (["", ""], "string"),
    ],
)
def test_type_is_the_narrowest_that_loses_no_value(world: World, values: list[str], column_type: str) -> None:
    """One value that does not fit makes the column text: every row of the sample is taken."""
    rows = "".join(f"r{number},{value}\n" for number, value in enumerate(values))
    table = draft(world, world.land("rows.csv", "row_id,thing\n" + rows, "things"), "things")

    assert table.columns["thing"].type == column_type
    assert ingest_alone(world).accepted_count == len(values)


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.csv", "x,y\n1,1\n1,2\n2,1\n", ["x", "y"]),
        ("a.csv", "x,y\n1,1\n1,\n2,1\n", ["x", "y"]),
        ("a.csv", "x,y_id\n1,1\n2,2\n3,3\n", ["y_id"]),
        ("a.csv", "x\n1\n1\n", ["x"]),
        ("a.tsv", "x\ty\n", ["x"]),
    ],
)
def test_key_names_every_row(world: World, name: str, content: str, key: list[str]) -> None:
    """One column, or two, that tell all rows apart; else all of them; in a file without rows the first."""
    assert draft(world, world.land(name, content, "things"), "things").key == key
    ingest_alone(world)


def test_nothing_printed_or_written_holds_a_value(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command says where the draft is and what to check, and neither it nor the draft quotes the sample."""
    monkeypatch.setenv("C360_DATA_DIR", str(world.settings.data_dir))
    monkeypatch.setenv("C360_CONTRACTS_DIR", str(world.settings.contracts_dir))
    files = [
        world.land("contacts.csv", CONTACTS, "crm"),
        world.land("e.jsonl", EVENT_LINES, "app"),
    ]
    for landed in files:
        printed = CliRunner().invoke(app, ["contract", "new", str(landed)])
        assert printed.exit_code == 0
        written = (world.settings.contracts_dir / f"{landed.parent.name}.yml").read_text("utf-8")
        assert "Check:" in printed.output
        assert "TODO" in written
        assert [value for value in PERSONAL_VALUES if value in printed.output + written] == []
    assert list(world.settings.quarantine_dir.iterdir()) == []


def test_contract_that_is_there_stays(world: World) -> None:
    """A draft never takes the place of a contract unless told to."""
    landed = world.land("contacts.csv", CONTACTS, "crm")
    path = new(world.settings, landed).path
    path.write_text("mine")
    with pytest.raises(ConfigurationError, match=r"is there already.*--force"):
        new(world.settings, landed)
    assert path.read_text() == "mine"

    new(world.settings, landed, force=True)
    assert check(world.settings, "crm")
    with pytest.raises(ConfigurationError, match="no contract"):
        check(world.settings, "shop")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.xlsx", "x", "ends in none of .csv"),
        ("a.csv", "", "it is empty"),
        ("a.csv", "0612345678,zoe.martin@example.org\n1,2\n", "column 1 has no name, or one that looks like a value"),
        ("a.csv", "x,\n1,2\n", "column 2 has no name"),
        ("a.csv", "x,x\n1,2\n", "two columns have the same name"),
        ("a.csv", 'x,y\n1,"2\n3,4\n', "quote"),
        ("a.jsonl", "zoe.martin@example.org\n", "no JSON object on each line"),
        ("a.parquet", "zoe.martin@example.org", "not a whole Parquet file"),
    ],
)
def test_file_that_cannot_be_drafted_from_is_refused(world: World, name: str, content: str, why: str) -> None:
    """What is wrong is said without a value, and no contract is written."""
    with pytest.raises(ContractError) as caught:
        new(world.settings, world.land(name, content, "things"))
    assert why in str(caught.value)
    assert [value for value in PERSONAL_VALUES if value in str(caught.value)] == []
    assert list(world.settings.contracts_dir.iterdir()) == []


def test_missing_file_and_bad_name_are_refused(world: World, tmp_path: Path) -> None:
    """A file that is not there, or a source that cannot be called so, is said at once."""
    with pytest.raises(ConfigurationError, match="no file"):
        new(world.settings, tmp_path / "gone.csv")
    with pytest.raises(ConfigurationError, match="'Web Shop' is no name of a source"):
        new(world.settings, world.land("a.csv", "x\n1\n"), "Web Shop")


def test_every_kind_of_file_of_the_sample_shop_can_be_drafted(tmp_path: Path) -> None:
    """Whatever the sample shop delivers, ingest takes it under the draft: only unreadable lines are refused."""
    shop = Settings(data_dir=tmp_path / "shop")
    sample(shop, Request(60, 7, date(2026, 7, 1), 1))
    landed = [path for path in sorted(shop.landing_dir.glob("*/*")) if path.is_file()]
    kinds = {(path.parent.name, re.sub(r"\d+", "", path.name)): path for path in landed}
    assert len(kinds) >= 7
    for number, path in enumerate(kinds.values()):
        world = World(tmp_path / str(number))
        new(world.settings, world.land(path.name, path.read_bytes(), path.parent.name))
        account = ingest_alone(world)
        assert account.status == "loaded"
        assert account.accepted_count > 0
        assert [reason for reason in account.quarantined if ":" in reason] == [], path.name
