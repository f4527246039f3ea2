"""Identifying columns and their normal forms, as a load writes them."""

from typing import Any

import duckdb
import pytest

from c360.privacy.normalise import NORMAL_FORMS, REASONS
from c360.sources.contracts.contract import Table
from c360.sources.contracts.lake_columns import lake_columns
from c360.sources.lake.identifiers import count_not_normalised, normalise_identifiers, select_normalised

TABLE = Table.model_validate(
    {
        "description": "People.",
        "files": "people_*.csv",
        "format": "csv",
        "key": ["mail"],
        "columns": {
            "mail": {"type": "string", "personal": "email"},
            "mobile": {"type": "string", "personal": "phone", "country_column": "country"},
            "surname": {"type": "string", "personal": "name"},
            "street": {"type": "string", "personal": "address", "country_column": "country"},
            "zip": {"type": "string", "personal": "postal_code", "country_column": "country"},
            "country": {"type": "string"},
        },
    }
)
PEOPLE: list[tuple[str | None, ...]] = [
    ("Ana@Example.com", "06 12 34 56 78", "L\u00f3pez", "12 rue de la Paix", "75001", "FR"),
    ("mailto:ana@example.com", "T\u00e9l. 0612345678", "\u0141uk", "12bis av. Foch", "1000", "France"),
    ("n/a", "3.36E+10", "xxx", "12", "ABC", "FR"),
    ("a@x.fr;b@x.fr", "06 12 34 56 78", "-", "5 av Foch", "75001", None),
    ("\u200b", "+33612345678", "Null", "None", "00144", "IT"),
    (None, None, None, None, None, "FR"),
    ("Ana@Example.com", "06 12 34 56 78", "L\u00f3pez", "12 rue de la Paix", "75001", "FR"),
]


@pytest.fixture
def engine() -> duckdb.DuckDBPyConnection:
    """An engine that has read and normalised the people above."""
    engine = duckdb.connect()
    columns = ", ".join(f"{name} varchar" for name in TABLE.columns)
    engine.execute(f"create table accepted_rows (_line bigint, {columns})")
    marks = ", ".join("?" for _ in TABLE.columns)
    engine.executemany(f"insert into accepted_rows values (?, {marks})", [[n, *row] for n, row in enumerate(PEOPLE)])
    normalise_identifiers(engine, TABLE)
    return engine


def rows(engine: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    found = engine.sql(f"from ({select_normalised(TABLE)}) order by _line")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def test_every_row_has_the_forms_of_its_values(engine: duckdb.DuckDBPyConnection) -> None:
    """No row is lost or doubled, and plain and other values alike have the library's form, or nothing at all."""
    found = rows(engine)

    assert [row["_line"] for row in found] == list(range(len(PEOPLE)))
    for row in found:
        for name, column in TABLE.identifiers.items():
            country = row[column.country_column] if column.country_column else None
            for suffix, normalise in NORMAL_FORMS[str(column.personal)].functions.items():
                expected = normalise(row[name], country).value if row[name] is not None else None
                assert row[f"{name}_{suffix}"] == expected
                assert row[f"{name}_{suffix}"] != ""


def test_the_lake_has_these_columns(engine: duckdb.DuckDBPyConnection) -> None:
    """What is selected is what `lake_columns` promises, apart from where a row came from."""
    promised = {name for name in lake_columns(TABLE) if not name.startswith("_")}

    assert {"surname_normalised", "surname_folded", "zip_normalised"} < promised
    assert set(rows(engine)[0]) - {"_line"} == promised


def test_each_reason_is_counted_by_its_rows(engine: duckdb.DuckDBPyConnection) -> None:
    """Every class tells how many rows have no normal form, and why; a missing value is no fault."""
    counts = count_not_normalised(engine, TABLE)

    assert counts == {
        "mail:empty": 1,
        "mail:placeholder": 1,
        "mail:several": 1,
        "mobile:no_country": 1,
        "mobile:scientific_notation": 1,
        "street:no_letters": 1,
        "surname:placeholder": 2,
        "zip:malformed": 1,
        "zip:no_country": 1,
    }
    assert {what.split(":")[1] for what in counts} <= set(REASONS)


def test_no_value_stands_in_a_reason(engine: duckdb.DuckDBPyConnection) -> None:
    """What is counted names columns and reasons only."""
    values = {value for row in PEOPLE for value in row if value and len(value) > 3}

    assert not [value for value in values if value in str(count_not_normalised(engine, TABLE))]


def test_a_second_file_starts_afresh(engine: duckdb.DuckDBPyConnection) -> None:
    """Forms of the file before do not stay: neither rows nor reasons are counted twice."""
    engine.execute("delete from accepted_rows where _line > 0")
    normalise_identifiers(engine, TABLE)

    assert len(rows(engine)) == 1
    assert count_not_normalised(engine, TABLE) == {}
