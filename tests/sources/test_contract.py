from pathlib import Path
from textwrap import dedent

import pytest
from pydantic import ValidationError

from c360.core.errors import ContractError
from c360.core.settings import PROJECT_DIR
from c360.sources.contracts.contract import FEEDS, Table, feeds_by_entity
from c360.sources.contracts.loading import load_contracts

SOUND = """
source: till
description: Receipts.
owner: stores-team
purposes: [analytics]
feeds: [order_lines]
tables:
  lines:
    description: One row per receipt line.
    files: lines_*.csv
    format: csv
    key: [receipt_id]
    event_time: sold_at
    columns:
      receipt_id: {type: string, required: true}
      sold_at: {type: timestamp}
      quantity: {type: integer}
      email: {type: string, personal: email}
"""


FRESHNESS = "freshness: {warn_after_hours: 48, error_after_hours: 48}"


def write(folder: Path, text: str, name: str = "till.yml") -> Path:
    (folder / name).write_text(dedent(text), "utf-8")
    return folder


@pytest.mark.parametrize("folder", ["contracts", "examples/real_retail/contracts"])
def test_contracts_of_the_project_load(folder: str) -> None:
    """Every contract the project ships says only what a contract may say."""
    contracts = load_contracts(PROJECT_DIR / folder)
    assert [contract.source for contract in contracts] == sorted(
        path.stem for path in (PROJECT_DIR / folder).glob("*.yml")
    )
    assert len(contracts) >= 2


def test_feeds_name_every_vocabulary(tmp_path: Path) -> None:
    """Each vocabulary has its sources in order, and one that nobody feeds is there and empty."""
    write(tmp_path, SOUND)
    write(tmp_path, SOUND.replace("source: till", "source: shop"), "shop.yml")
    feeds = feeds_by_entity(load_contracts(tmp_path))
    assert feeds == {feed: ["shop", "till"] if feed == "order_lines" else [] for feed in FEEDS}
    assert list(feeds) == list(FEEDS)


@pytest.mark.parametrize(
    ("sound", "faulty", "place", "why"),
    [
        ("format: csv", "format: xlsx", "tables.lines.format", "'csv', 'jsonl' or 'parquet'"),
        ("type: integer", "type: number", "tables.lines.columns.quantity.type", "'integer'"),
        ("key: [receipt_id]", "keys: [receipt_id]", "tables.lines.key", "required"),
        ("key: [receipt_id]", "key: [receipt]", "tables.lines", "key names the column receipt"),
        ("event_time: sold_at", "event_time: quantity", "tables.lines", "neither a date nor a timestamp"),
        ("personal: email", "personal: mail", "tables.lines.columns.email.personal", "'email'"),
        ("personal: email", "personal: phone, country_column: land", "tables.lines", "names the column land"),
        ("required: true", "required: maybe", "tables.lines.columns.receipt_id.required", "boolean"),
        ("files: lines_*.csv", "files: ../lines_*.csv", "tables.lines.files", "must stay inside landing"),
        ("files: lines_*.csv", "files: lines_*.csv\n    timezone: Paris", "tables.lines.timezone", "no time zone"),
        ("feeds: [order_lines]", "feeds: [orders]", "feeds.0", "'order_lines'"),
        ("source: till", "source: pos", "source", "named for 'till'"),
        ("quantity: {", "quantity: {source_name: email, ", "tables.lines", "two columns are read from 'email'"),
        ("quantity: {type: integer}", "email_normalised: {type: string}", "tables.lines", "a column that c360 adds"),
        (
            "quantity: {type: integer}",
            "buyer: {type: string, personal: name}\n      buyer_folded: {type: string}",
            "tables.lines",
            "buyer_folded is the name of a column that c360 adds",
        ),
        ("quantity: {type: integer}", "sold_at: {type: date}", "line 16", "'sold_at' is written twice"),
        ("key: [receipt_id]", "key: []", "tables.lines.key", "at least 1 item"),
        ("key: [receipt_id]", "key: [receipt_id, receipt_id]", "tables.lines", "key names the column receipt_id twice"),
        (
            "event_time: sold_at",
            "event_time: sold_at\n    version: number",
            "tables.lines",
            "version names the column number",
        ),
        ("event_time: sold_at", FRESHNESS, "tables.lines", "no event_time says which column"),
        (
            "event_time: sold_at",
            f"event_time: sold_at\n    {FRESHNESS}",
            "tables.lines",
            "must be less than error_after",
        ),
        ("format: csv", "format: parquet\n    encoding: latin-1", "tables.lines", "encoding is for text"),
        ("format: csv", "format: jsonl\n    delimiter: ;", "tables.lines", "delimiter is for CSV files"),
        ("personal: email", "country_column: sold_at", "tables.lines", "only a phone, an address or a postal code"),
        ("purposes: [analytics]\n", "", "the file: purposes", "tables.lines.columns.email is personal"),
        (
            "personal: email",
            "purposes: [advertising]",
            "the file: tables.lines.columns.email",
            "not among the purposes",
        ),
        ("receipt_id: {type: string", "receipt_id: {type: json", "tables.lines", "(json) cannot be compared"),
        ("receipt_id: {", "Receipt-Id: {", "tables.lines.columns.Receipt-Id", "pattern"),
        ("purposes: [analytics]", "purposes: [", "line 7", ""),
    ],
)
def test_faulty_contract_is_refused(tmp_path: Path, sound: str, faulty: str, place: str, why: str) -> None:
    """A contract that says something it must not is refused, with the file, the place and the reason."""
    assert sound in SOUND
    write(tmp_path, SOUND.replace(sound, faulty))
    with pytest.raises(ContractError) as caught:
        load_contracts(tmp_path)
    for part in (str(tmp_path / "till.yml"), f"\n  {place}", why, "Correct it"):
        assert part in str(caught.value)


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    """One look tells all that is wrong with a contract, a line each."""
    write(tmp_path, SOUND.replace("[receipt_id]", "[id, number]").replace("event_time: sold_at", "event_time: at"))
    with pytest.raises(ContractError) as caught:
        load_contracts(tmp_path)
    assert str(caught.value).splitlines()[1:-1] == [
        f"  tables.lines: {what}, which is not among the columns"
        for what in ("key names the column id", "key names the column number", "event_time names the column at")
    ]


def test_a_column_may_be_used_for_less_than_its_source(tmp_path: Path) -> None:
    """A column says nothing and has the purposes of its source, or names some of them."""
    narrowed = SOUND.replace("[analytics]", "[analytics, advertising]").replace(
        "quantity: {type: integer}", "quantity: {type: integer, purposes: [analytics]}"
    )
    write(tmp_path, narrowed)
    (contract,) = load_contracts(tmp_path)
    (table,) = contract.source_tables
    assert table.purposes_of(table.terms.columns["email"]) == ("analytics", "advertising")
    assert table.purposes_of(table.terms.columns["quantity"]) == ("analytics",)


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ("amount > 3", "amount"),
        ("quantity + 1", "gives BIGINT, not true or false"),
        ("quantity >", "syntax error"),
    ],
)
def test_refusal_that_cannot_be_evaluated_is_a_fault_of_the_contract(tmp_path: Path, when: str, why: str) -> None:
    """A rule over columns that are not there, or that gives no yes or no, is found before any file is read."""
    write(tmp_path, f"{SOUND}    refuse:\n      - {{reason: free, when: {when}}}\n")
    with pytest.raises(ContractError, match=r"tables\.lines\.refuse\.0\.when") as caught:
        load_contracts(tmp_path)
    assert why in str(caught.value)


def test_folder_without_contracts_is_a_fault(tmp_path: Path) -> None:
    """A deployment without a contract would run on nothing."""
    with pytest.raises(ContractError, match="no contract"):
        load_contracts(tmp_path)


DATABASE = {"connection": "erp", "table": "public.lines", "cursor": "changed_at"}


def table_of_database(**changes: object) -> dict[str, object]:
    """A table whose rows lie in a database."""
    columns = {"id": {"type": "integer"}, "changed_at": {"type": "timestamp"}, "name": {"type": "string"}}
    return {"description": "One row per line.", "key": ["id"], "columns": columns, "database": DATABASE} | changes


def test_table_of_a_database_names_its_own_files() -> None:
    """What c360 lands of it is found like any landed file."""
    table = Table.model_validate(table_of_database())

    assert (table.files, table.format) == ("erp.public.lines_????-??-??_??????.parquet", "parquet")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"files": "lines_*"}, "files is for files that others land"),
        ({"format": "csv"}, "format is for files that others land"),
        ({"database": DATABASE | {"cursor": "changed"}}, "database.cursor names the column changed"),
        ({"database": DATABASE | {"cursor": "name"}}, "database.cursor is a string"),
        ({"database": DATABASE | {"table": "lines; drop table lines"}}, "table"),
        ({"database": DATABASE | {"overlap": -1}}, "overlap"),
        ({"database": None}, "database"),
    ],
)
def test_table_of_a_database_says_what_can_be_read(changes: dict[str, object], words: str) -> None:
    """Each fault is named before anything is connected to."""
    with pytest.raises(ValidationError, match=words):
        Table.model_validate(table_of_database(**changes))


def test_contract_in_the_manual_is_sound(tmp_path: Path) -> None:
    """What docs/transport.md shows can be copied."""
    page = (PROJECT_DIR / "docs" / "transport.md").read_text("utf-8")
    (tmp_path / "erp.yml").write_text(page.split("```yaml\n")[1].split("```")[0])
    [contract] = load_contracts(tmp_path)

    assert contract.tables["customers"].files == "erp.public.customers_????-??-??_??????.parquet"


def test_table_says_where_its_rows_come_from() -> None:
    """Files or a database."""
    terms = table_of_database()
    del terms["database"]
    with pytest.raises(ValidationError, match="say which files are of the table, or `database`"):
        Table.model_validate(terms)
