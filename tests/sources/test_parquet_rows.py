from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sources.found import read_with

from c360.sources.contracts.contract import Table
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
