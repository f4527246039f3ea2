"""A file in many slices is the same file: rows, lines, duplicates and refusals do not depend on where it is cut."""

import gzip
import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources.found import read_with
from sources.loaded import Loaded, make_table

from c360.sources.contracts.contract import Table
from c360.sources.reading import parquet_rows, text_lines
from c360.sources.reading.csv_rows import read_csv

COLUMNS = {"id": {"type": "string", "required": True}, "name": {"type": "string"}, "amount": {"type": "decimal"}}
CSV_LINES = ["1,a,2", "", '2,"b\n\nb",3', "3,c", "4,d,x", "1,a,2.0", "5,é,5"] * 12 + ['6,"say ""hi""",7']
PLACES = "_line, id, name, amount"


def csv_content() -> bytes:
    return ("id,name,amount\n" + "\n".join(CSV_LINES) + "\n").encode()


def json_content() -> bytes:
    rows = [{"id": str(number % 50), "name": "é" * (number % 50 % 9), "amount": number % 50} for number in range(90)]
    lines = [json.dumps(row) for row in rows]
    lines[7], lines[40], lines[60] = "", "{broken", ""
    return "\n".join(lines).encode()


def cut_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_lines, "SLICE_BYTES", 100)
    monkeypatch.setattr(text_lines, "PIECE_BYTES", 40)
    monkeypatch.setattr(parquet_rows, "SLICE_ROWS", 7)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lines_1.csv", csv_content()),
        ("lines_1.csv", csv_content().replace(b"\n", b"\r\n")),
        ("lines_1.csv", b"id,name,amount\n" + b"".join(b"%d,a,2\n\n2,b,x\n3,c,1\n\n" % n for n in range(20))),
        ("lines_1.csv.gz", gzip.compress(csv_content())),
        ("lines_1.jsonl", json_content()),
    ],
)
def test_slices_give_what_the_whole_file_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    """Blank lines, broken rows, refused rows and duplicates before a cut count in the slices after it."""
    whole, sliced = Loaded(tmp_path / "whole", make_table(COLUMNS)), Loaded(tmp_path / "sliced", make_table(COLUMNS))
    for loaded in (whole, sliced):
        loaded.folder.mkdir()
    expected = whole.load(content, name=name)
    assert (expected.status, expected.parts) == ("loaded", [0])
    cut_small(monkeypatch)
    account = sliced.load(content, name=name)
    assert account.quarantined_count
    assert account.duplicate_count
    assert account.model_copy(update={"parts": [0]}) == expected
    assert len({path.name for path in sliced.lake.rows_paths(account)}) == len(account.parts) > 1
    assert sliced.rows(PLACES) == whole.rows(PLACES)
    assert sliced.refused() == whole.refused()


def test_parquet_is_sliced_by_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines go on from slice to slice, and a row is a duplicate of one in an earlier slice."""
    monkeypatch.setattr(parquet_rows, "SLICE_ROWS", 7)
    rows = [{"id": str(number % 20), "name": None, "amount": "1"} for number in range(30)]
    pq.write_table(pa.Table.from_pylist(rows, pa.schema([(n, pa.string()) for n in COLUMNS])), tmp_path / "p.parquet")
    loaded = Loaded(tmp_path, make_table(COLUMNS))
    account = loaded.load((tmp_path / "p.parquet").read_bytes(), name="lines_1.parquet")
    assert (account.accepted_count, account.duplicate_count, account.parts) == (20, 10, [0, 1, 2])
    assert loaded.rows("_line") == [(line,) for line in range(1, 21)]


def test_fault_in_a_later_slice_takes_the_whole_file_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of slices that were sound are not in the lake when the file is refused, and may land again."""
    cut_small(monkeypatch)
    loaded = Loaded(tmp_path, make_table(COLUMNS))
    sound = [f"{number},a,1" for number in range(60)]
    account = loaded.load(("id,name,amount\n" + "\n".join([*sound, '61,"a,1', "62,b,1"]) + "\n").encode())
    assert (account.reason, account.read_count, account.parts) == ("unclosed_quote", 0, [])
    assert account.explanation.startswith("line 61: ")
    assert list(loaded.lake.folder.rglob("*.parquet")) == []
    corrected = loaded.load(("id,name,amount\n" + "\n".join(sound) + "\n").encode(), name="lines_2.csv")
    assert (corrected.accepted_count, corrected.duplicate_count) == (60, 0)


VALUES = st.text(st.sampled_from(['"', ",", "\n", "a", "é", " ", "0"]), max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(VALUES, min_size=2, max_size=4).filter(any), min_size=1, max_size=25))
def test_every_row_is_found_wherever_the_file_is_cut(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table, rows: list[list[str]]
) -> None:
    """Quoted line breaks are never taken for the end of a slice."""
    quoted = [",".join('"' + value.replace('"', '""') + '"' for value in row) for row in rows]
    path = tmp_path / "lines_1.csv"
    path.write_bytes(("id,name,amount\n" + "\n".join(quoted) + "\n").encode())
    whole = read_with(read_csv, engine, path, table)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(text_lines, "SLICE_BYTES", 30)
        patched.setattr(text_lines, "PIECE_BYTES", 10)
        sliced = read_with(read_csv, engine, path, table)
    assert (sliced.rows, sliced.refused, sliced.row_count) == (whole.rows, whole.refused, whole.row_count)
    assert sliced.row_count == len(rows)
