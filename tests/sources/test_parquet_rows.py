from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sources.found import read_with
from sources.loaded import Loaded, make_table

from c360.sources.contracts.contract import Table
from c360.sources.reading.caps import MAX_LINE_BYTES
from c360.sources.reading.parquet_rows import read_parquet
from c360.sources.reading.refusal import FileRefused


def written(folder: Path, columns: dict[str, pa.Array]) -> Path:
    path = folder / "lines_1.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def test_typed_values_become_text(engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table) -> None:
    """Values keep what they say whatever type the file gives them; a row's line is its number in the file."""
    engine.execute("set timezone = 'UTC'")
    path = written(
        tmp_path,
        {
            "name": pa.array([datetime(2026, 1, 5, 10, tzinfo=UTC), None], pa.timestamp("us", "Europe/Paris")),
            "id": pa.array([b"a", "é".encode()]),
            "amount": pa.array([Decimal("1.10"), Decimal("-2.00")]),
        },
    )
    (piece,) = [
        (piece.row_count, engine.execute("select _line, id, name, amount from judged_rows").fetchall())
        for piece in read_parquet(engine, path, table, tmp_path / "unused")
    ]
    expected = [(1, "a", "2026-01-05 10:00:00+00", Decimal("1.1000")), (2, "é", None, Decimal("-2.0000"))]
    assert piece == (2, expected)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (["id", "name"], "missing: 'amount'"),
        (["id", "name", "amount", "extra"], "not in the contract: 'extra'"),
    ],
)
def test_file_with_other_columns_is_refused(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table, columns: list[str], why: str
) -> None:
    """A schema that differs from the contract refuses the file and names the difference."""
    path = written(tmp_path, {name: pa.array(["1"]) for name in columns})
    with pytest.raises(FileRefused, match=why):
        read_with(read_parquet, engine, path, table)


@pytest.mark.parametrize(("kept_bytes", "reason"), [(0, "empty"), (100, "unreadable"), (-1, "unreadable")])
def test_part_of_a_file_is_refused(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table, kept_bytes: int, reason: str
) -> None:
    """A file whose end is missing has no schema to read it by."""
    path = written(tmp_path, {name: pa.array(["1"]) for name in table.columns})
    path.write_bytes(path.read_bytes()[:kept_bytes])
    with pytest.raises(FileRefused) as caught:
        read_with(read_parquet, engine, path, table)
    assert caught.value.reason == reason


def test_rows_that_are_read_twice_are_judged_once(tmp_path: Path) -> None:
    """Rows of flat Parquet are not kept in memory; what is refused or a duplicate is still told from the rest."""
    columns = {"id": pa.array(["a", "b", "b", None, "c", "b"]), "amount": pa.array(["1", "2", "2.0", "4", "x", "3"])}
    loaded = Loaded(tmp_path, make_table({"id": {"type": "string", "required": True}, "amount": {"type": "decimal"}}))
    account = loaded.load(written(tmp_path, columns).read_bytes(), name="lines_1.parquet")
    assert (account.accepted_count, account.duplicate_count, account.quarantined_count) == (3, 1, 2)
    assert loaded.rows("_line, id, amount") == [(1, "a", 1), (2, "b", 2), (6, "b", 3)]
    assert [refused[:2] for refused in loaded.refused()] == [(4, "missing:id"), (5, "not_decimal:amount")]


def test_field_above_the_cap_is_refused_and_its_neighbours_are_not(tmp_path: Path) -> None:
    """One overlong value costs its row only."""
    columns = {"id": pa.array(["a", "b", "c"]), "name": pa.array(["x", "y" * (MAX_LINE_BYTES + 1), "z"])}
    loaded = Loaded(tmp_path, make_table({"id": {"type": "string"}, "name": {"type": "string"}}))
    loaded.load(written(tmp_path, columns).read_bytes(), name="lines_1.parquet")
    assert loaded.rows("_line, id") == [(1, "a"), (3, "c")]
    assert [refused[:2] for refused in loaded.refused()] == [(2, "field_too_long:name")]
