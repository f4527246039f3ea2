"""The warehouse file: one writer, whole tables, and errors that keep the row to themselves."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from c360.core.errors import C360Error, WarehouseLocked
from c360.core.settings import Settings
from c360.core.warehouse import open_warehouse

HOLD = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def test_write_replaces_the_whole_table(settings: Settings) -> None:
    """The second write leaves nothing of the first."""
    with open_warehouse(settings) as warehouse:
        warehouse.write("scores", pa.table({"a": [1, 2]}))
        warehouse.write("scores", pa.table({"b": ["x"]}))

        assert warehouse.rows("select * from pipeline.scores") == [("x",)]


def test_replace_rows_leaves_other_keys_alone(settings: Settings) -> None:
    """Only the rows of the key are replaced, and doing it twice changes nothing."""
    with open_warehouse(settings) as warehouse:
        warehouse.replace_rows("scores", pa.table({"day": [1], "value": [10]}), {"day": 1})
        for _ in range(2):
            warehouse.replace_rows("scores", pa.table({"day": [2, 2], "value": [20, 21]}), {"day": 2})

        assert warehouse.rows("select * from pipeline.scores order by value") == [(1, 10), (2, 20), (2, 21)]


def test_arrow_and_frame_take_parameters(settings: Settings) -> None:
    """Values are bound, never pasted into the statement."""
    with open_warehouse(settings) as warehouse:
        assert warehouse.arrow("select ? as a", ["o'clock"]).to_pylist() == [{"a": "o'clock"}]
        assert warehouse.frame("select ? as a", ["o'clock"])["a"].tolist() == ["o'clock"]


def test_an_error_does_not_quote_the_row(settings: Settings) -> None:
    """DuckDB's message names the value it could not cast; ours does not."""
    with open_warehouse(settings) as warehouse:
        for read in (warehouse.rows, warehouse.arrow):
            with pytest.raises(C360Error) as refused:
                read("select cast(?::varchar as integer) as number", ["ada@example.com"])

            assert "ada@example.com" not in str(refused.value)
            assert refused.value.__cause__ is None


def test_a_second_process_is_told_who_holds_the_file(settings: Settings) -> None:
    """The error names the file, what to do, and exit code 6."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.warehouse_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(WarehouseLocked, match="Another process holds") as locked, open_warehouse(settings):
            pass
        holder.kill()

    assert locked.value.exit_code == 6
