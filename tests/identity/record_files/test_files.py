"""Files that identity writes: all there, or those from before."""

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from c360.core.errors import ConfigurationError
from c360.identity.record_files.files import write_tables

TABLE = pa.table({"record_id": ["1", 'a "b", c'], "score": [0.5, None]})


def test_tables_are_written_by_their_ending(tmp_path: Path) -> None:
    """CSV quotes what needs it, Parquet keeps the types."""
    write_tables({tmp_path / "a.csv": TABLE, tmp_path / "b.parquet": TABLE})

    assert (tmp_path / "a.csv").read_text() == 'record_id,score\n1,0.5\n"a ""b"", c",\n'
    assert parquet.read_table(tmp_path / "b.parquet") == TABLE
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", "b.parquet"}


def test_when_one_cannot_be_written_none_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk at the second file leaves the first as it was, and nothing half-written."""
    (tmp_path / "a.csv").write_text("before")

    def fill_up(table: pa.Table, path: Path) -> None:
        path.write_bytes(b"PAR1")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parquet, "write_table", fill_up)
    with pytest.raises(ConfigurationError, match=r"a\.csv or a file beside it cannot be written \(No space left"):
        write_tables({tmp_path / "a.csv": TABLE, tmp_path / "b.parquet": TABLE})

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.csv": "before"}
