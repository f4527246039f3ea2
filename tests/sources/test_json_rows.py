from pathlib import Path

import duckdb
import pytest
from sources.found import Found, read_with

from c360.sources.contracts.contract import Table
from c360.sources.reading.json_rows import read_json_lines
from c360.sources.reading.refusal import FileRefused


@pytest.fixture
def table() -> Table:
    """Events whose customer stands inside another object."""
    return Table.model_validate(
        {
            "description": "One row per event.",
            "files": "events_*",
            "format": "jsonl",
            "key": ["id"],
            "columns": {
                "id": {"type": "string", "required": True},
                "user": {"type": "string", "source_name": '$.customer."user id"'},
                "count": {"type": "integer", "source_name": "n"},
            },
        }
    )


def read(engine: duckdb.DuckDBPyConnection, folder: Path, content: bytes, table: Table) -> Found:
    path = folder / "events_1.jsonl"
    path.write_bytes(content)
    return read_with(read_json_lines, engine, path, table)


def test_values_are_found_by_key_and_path(engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table) -> None:
    """Plain keys and paths give values; null, the empty string and an absent key give none."""
    content = (
        b'\xef\xbb\xbf{"id":"a","customer":{"user id":"u\\n1"},"n":12345678901234567}\r\n\r\n'
        b'{"id":7,"customer":null,"n":""}\r\n{"n":1.5}'
    )
    found = read(engine, tmp_path, content, table)
    assert found.rows == [
        (1, "a", "u\n1", "12345678901234567"),
        (3, "7", None, None),
        (4, None, None, "1.5"),
    ]
    assert found.row_count == 3


@pytest.mark.parametrize(
    "line",
    [
        b'{"id":"a"',
        b"{'id':'a'}",
        b"[1]",
        b'"a"',
        b"  ",
        b'{"id":"\\ud800"}',
        b'{"id":"a"}{"id":"b"}',
        b'{"id":\x00}',
        b'{"id":"a\x01\x02\x03"}',
        b"id",
    ],
)
def test_line_that_is_no_object_is_unreadable(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table, line: bytes
) -> None:
    """What is not one JSON object is refused with its line number and kept; its neighbours are read."""
    found = read(engine, tmp_path, b'{"id":"x"}\n\n' + line + b'\n{"id":"y"}\n', table)
    assert [row[0] for row in found.rows] == [1, 4]
    assert [(line, reason) for line, reason, _ in found.refused] == [(3, "malformed_json")]
    assert found.row_count == 3


def test_bytes_that_are_not_utf_8_refuse_their_row_only(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table
) -> None:
    """A Latin-1 value is refused with its line; the numbers after it are right."""
    found = read(engine, tmp_path, '{"id":"a"}\n{"id":"é"}\n{"id":"c"}\n'.encode("latin-1"), table)
    assert [row[0] for row in found.rows] == [1, 3]
    assert [(line, reason) for line, reason, _ in found.refused] == [(2, "bad_encoding")]


def test_key_the_contract_does_not_know(engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table) -> None:
    """An unknown key of some rows is counted; one that every row has is another export than the one agreed."""
    found = read(engine, tmp_path, b'{"id":"a","extra":1}\n{"id":"b"}\n', table)
    assert found.unknown_columns == {"extra": 1}
    with pytest.raises(FileRefused, match="not in the contract: 'extra'"):
        read(engine, tmp_path, b'{"id":"a","extra":1}\n{"id":"b","extra":1}\n', table)
    with pytest.raises(FileRefused, match="None of the contract's columns"):
        read(engine, tmp_path, b'{"identity":"a"}\n{"identifier":"b"}\n', table)
