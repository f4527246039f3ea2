import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sources.loaded import Loaded, make_table

from c360.sources.lake.accounts import FileAccount

COLUMNS = {"id": {"type": "string", "required": True}, "name": {"type": "string"}}
MORE = [{"id": "1", "name": "a", "till": "x", "floor": 2}, {"id": "2", "name": "b", "till": "y", "floor": None}]
FORMATS = ("csv", "jsonl", "parquet")


def written(rows: list[dict[str, object]], file_format: str, folder: Path) -> bytes:
    if file_format == "jsonl":
        return "".join(json.dumps(row) + "\n" for row in rows).encode()
    if file_format == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), folder / "written.parquet")
        return (folder / "written.parquet").read_bytes()
    lines = [list(rows[0]), *(["" if value is None else str(value) for value in row.values()] for row in rows)]
    return "".join(",".join(line) + "\n" for line in lines).encode()


def load(folder: Path, drift: str, file_format: str, rows: list[dict[str, object]]) -> tuple[Loaded, FileAccount]:
    loaded = Loaded(folder, make_table(COLUMNS, drift=drift))
    return loaded, loaded.load(written(rows, file_format, folder), name=f"lines_1.{file_format}")


@pytest.mark.parametrize("file_format", FORMATS)
def test_unknown_columns_are_kept_where_the_table_evolves(tmp_path: Path, file_format: str) -> None:
    """What the contract does not know lies in one JSON column, and is counted."""
    loaded, account = load(tmp_path, "evolve", file_format, MORE)
    assert (account.status, account.accepted_count, account.unknown_columns) == ("loaded", 2, {"till": 2, "floor": 2})
    extra = [json.loads(row[0]) for row in loaded.rows("_extra")]
    assert [row["till"] for row in extra] == ["x", "y"]
    assert [str(row["floor"]) for row in extra] == ["2", "None"]


def test_unknown_keys_may_have_any_name(tmp_path: Path) -> None:
    """Quotes, dots and wildcards in a key are letters, and a row without unknown keys has nothing to keep."""
    strange = {'a"b': 1, "c.d": "x", "e*": None, "'": {"f": [1]}, "": 2}
    loaded, _ = load(tmp_path, "evolve", "jsonl", [{"id": "1"} | strange, {"id": "2", "name": None}])
    assert [row[0] and json.loads(row[0]) for row in loaded.rows("_extra")] == [strange, None]


def test_unknown_columns_may_differ_in_their_case_alone(tmp_path: Path) -> None:
    """To a file `X` and `x` are two columns, however the engine sees names."""
    loaded, account = load(tmp_path, "evolve", "csv", [{"id": "1", "name": "a", "x": "l", "X": "u", "ID": "i"}])
    assert account.unknown_columns == {"x": 1, "X": 1, "ID": 1}
    assert [json.loads(row[0]) for row in loaded.rows("_extra")] == [{"x": "l", "X": "u", "ID": "i"}]


@pytest.mark.parametrize("file_format", FORMATS)
def test_rows_that_differ_beyond_the_contract_are_both_kept(tmp_path: Path, file_format: str) -> None:
    """Where unknown columns are kept they are content: rows that differ only there are no duplicates."""
    rows: list[dict[str, object]] = [{"id": "1", "name": "a", "till": till} for till in ("x", "y", "x")]
    _, account = load(tmp_path, "evolve", file_format, rows)
    assert (account.accepted_count, account.duplicate_count) == (2, 1)


@pytest.mark.parametrize("file_format", FORMATS)
def test_unknown_columns_are_ignored_with_a_warning(tmp_path: Path, file_format: str) -> None:
    """They are counted, and the lake has no column for them."""
    loaded, account = load(tmp_path, "warn", file_format, MORE)
    assert (account.accepted_count, account.unknown_columns) == (2, {"till": 2, "floor": 2})
    assert loaded.rows("id, name") == [("1", "a"), ("2", "b")]
    assert "_extra" not in loaded.lake.relation()


@pytest.mark.parametrize(("drift", "stops_run"), [("quarantine", False), ("fail", True)])
@pytest.mark.parametrize("file_format", FORMATS)
def test_file_with_unknown_columns_is_refused(tmp_path: Path, drift: str, stops_run: bool, file_format: str) -> None:
    """Under both policies it is refused whole and its bytes are kept; only under `fail` the run stops."""
    loaded, account = load(tmp_path, drift, file_format, MORE)
    assert (account.status, account.reason, account.stops_run) == ("refused", "columns_differ", stops_run)
    assert loaded.rows() == []
    assert len(list(loaded.lake.quarantine_folder.glob("*.refused.*"))) == 1


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
@pytest.mark.parametrize("drift", ["evolve", "warn"])
def test_missing_column_is_null_unless_every_row_must_have_it(tmp_path: Path, drift: str, file_format: str) -> None:
    """A column that may be empty may be missing; the account names it. One that is required refuses the file."""
    loaded, account = load(tmp_path, drift, file_format, [{"id": "1"}, {"id": "2"}])
    assert (account.accepted_count, account.missing_columns) == (2, ["name"])
    assert loaded.rows("id, name") == [("1", None), ("2", None)]
    _, account = load(tmp_path, drift, file_format, [{"name": "a"}])
    assert (account.status, account.reason, account.stops_run) == ("refused", "columns_differ", True)
    assert "missing: 'id'" in account.explanation


def test_file_refused_for_another_reason_stops_the_run_whatever_the_drift(tmp_path: Path) -> None:
    """A policy for columns lets nothing else pass."""
    loaded = Loaded(tmp_path, make_table(COLUMNS, drift="quarantine"))
    account = loaded.load(b"")
    assert (account.reason, account.stops_run) == ("empty", True)


def test_suffix_tells_the_format_where_the_contract_names_none(tmp_path: Path) -> None:
    """One table takes CSV, JSON lines and Parquet; what no suffix tells is refused with its remedy."""
    loaded = Loaded(tmp_path, make_table(COLUMNS))
    for number, file_format in enumerate(FORMATS):
        loaded.load(written([{"id": str(number), "name": "a"}], file_format, tmp_path), name=f"lines_1.{file_format}")
    assert sorted(loaded.rows("id")) == [("0",), ("1",), ("2",)]
    assert loaded.load(b"id,name\n9,z\n", name="lines_1.dat").reason == "unknown_format"
