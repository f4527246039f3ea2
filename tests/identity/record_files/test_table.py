"""A table of records as evidence: any delimiter and encoding, values by their kind, faults named without a value."""

from pathlib import Path

import duckdb
import pytest

from c360.core.errors import ConfigurationError
from c360.identity.record_files.table import RecordTable, read_record_table
from c360.identity.rules import Rules

RULES = Rules.model_validate(
    {
        "record_id": "id",
        "identifiers": {"email": None, "work_phone": None, "card": {"blocked": ["99*"]}},
        "attributes": {
            "name": "full_name", "born": "birth_date", "email": "email", "zip": "postal_code", "sex": "gender",
            "land": "country",
        },
    }
)  # fmt: skip
HEADER = "id,name,born,email,work_phone,card,zip,sex,land"
ADA = "1,Ada O'Lovelace,09/04/1956, ADA@Example.com,06 12 34 56 78,77 1,1000,F,France"
BOB = "2,Bob,,not an address,,9912,,,"


def read(*paths: Path, rules: Rules = RULES) -> RecordTable:
    with duckdb.connect() as engine:
        return read_record_table(engine, paths, rules)


def written(folder: Path, *lines: str, name: str = "people.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes("\n".join([*lines, ""]).encode(encoding))
    return path


def test_values_are_normalised_by_their_kind(tmp_path: Path) -> None:
    """Names fold, dates are ISO, a code and a number are read by the record's country."""
    [ada, bob] = read(written(tmp_path, HEADER, ADA, BOB)).evidence.records.to_pylist()

    assert ada == {
        "record_id": "1", "source_name": "people", "name": "ada olovelace", "born": "1956-04-09",
        "email": "ada@example.com", "zip": "01000", "sex": "female", "land": "FR",
    }  # fmt: skip
    assert bob["name"] == "bob"
    assert bob["born"] is bob["zip"] is bob["sex"] is None


def test_identifiers_are_normalised_and_blocked(tmp_path: Path) -> None:
    """A value that is no address ties nobody, and a blocked one is told apart from those that count."""
    evidence = read(written(tmp_path, HEADER, ADA, BOB)).evidence

    held = {
        (row["record"], row["identifier_type"], row["identifier_value"]) for row in evidence.identifiers.to_pylist()
    }
    assert held == {(0, "email", "ada@example.com"), (0, "work_phone", "+33612345678"), (0, "card", "77 1")}
    assert evidence.blocked["identifier_value"].to_pylist() == ["9912"]


def test_what_is_not_usable_is_counted(tmp_path: Path) -> None:
    """Values without a normal form are counted by column and reason, and so are records that say nothing."""
    table = read(written(tmp_path, HEADER, ADA, BOB, "3,,,,,,,,", "4,n/a,,,12,,,,"))

    assert table.unusable == {"email:malformed": 1, "name:placeholder": 1, "work_phone:invalid_number": 1}
    assert table.silent_count == 2
    assert table.evidence.record_count == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", ", "])
def test_a_csv_file_may_be_written_in_any_usual_way(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """Byte-order mark, delimiter and encoding are found, also with spaces after commas."""
    path = written(tmp_path, delimiter.join(["id", "name"]), delimiter.join(["7", "Zo\u00eb"]), encoding=encoding)
    evidence = read(path, rules=Rules(record_id="id", attributes={"name": "first_name"})).evidence

    assert evidence.records.to_pylist() == [{"record_id": "7", "source_name": "people", "name": "zoe"}]


def test_parquet_and_several_files_are_read_as_one(tmp_path: Path) -> None:
    """Columns that are no text become text, and each record knows its file."""
    first, second = tmp_path / "a.parquet", tmp_path / "b.csv"
    with duckdb.connect() as engine:
        engine.execute(f"copy (select 1 as id, 'Ada' as name, date '1956-04-09' as born) to '{first}'")
    second.write_text("born,name,id\n1956-04-09,Bob,2\n")
    rules = Rules(record_id="id", attributes={"name": "first_name", "born": "birth_date"})

    assert read(first, second, rules=rules).evidence.records.to_pylist() == [
        {"record_id": "1", "source_name": "a", "name": "ada", "born": "1956-04-09"},
        {"record_id": "2", "source_name": "b", "name": "bob", "born": "1956-04-09"},
    ]


def test_an_empty_column_and_an_empty_table_are_no_fault(tmp_path: Path) -> None:
    """A column in which nothing is written compares nothing; a table without rows has nobody."""
    assert read(written(tmp_path, HEADER, "1,,,,,,,,")).silent_count == 1
    assert read(written(tmp_path, HEADER)).evidence.record_count == 0


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([HEADER, ADA, ADA], "1 of 2 records have in id the id of another"),
        ([HEADER, ADA, " ,Secret,,,,,,,"], "1 of 2 records have nothing in id"),
        ([HEADER, ADA, "2,Secret"], "at line 3"),
        ([HEADER, '1,"Secret'], "cannot be read"),
        ([HEADER.replace("zip", "code"), ADA], "has no column zip, which the rules name. It has id, name"),
        ([HEADER.replace("zip", "name"), ADA], "two columns called name"),
        ([""], "is empty"),
    ],
)
def test_a_fault_says_what_and_where_and_quotes_nobody(tmp_path: Path, lines: list[str], told: str) -> None:
    """A table that cannot be used stops with its name and the place, never with a value."""
    path = written(tmp_path, *lines)
    with pytest.raises(ConfigurationError) as raised:
        read(path)

    assert told in str(raised.value)
    assert str(path) in str(raised.value)
    assert "Secret" not in str(raised.value)
    assert "Ada" not in str(raised.value)


def test_no_file_and_another_format_say_what_to_do(tmp_path: Path) -> None:
    """The name of what is missing or cannot be read is in the message."""
    with pytest.raises(ConfigurationError, match=r"no file .*gone\.csv"):
        read(tmp_path / "gone.csv")
    with pytest.raises(ConfigurationError, match=r"people\.xlsx is of an unknown format.*\.csv"):
        read(written(tmp_path, "", name="people.xlsx"))
    with pytest.raises(ConfigurationError, match=r"torn\.parquet cannot be read"):
        read(written(tmp_path, "PAR1", name="torn.parquet"))
