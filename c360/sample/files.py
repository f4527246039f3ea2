"""Files of the sample world: the same bytes for the same rows, and under their final name only when complete."""

import gzip
import shutil
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from c360.core.files import appearing
from c360.core.sql import literal
from c360.sample.draws import Flags
from c360.sample.raw_table import RawTable

GZIP_LEVEL = 1
"""As systems compress that write much: a smaller file costs several times the time."""
UTF_8 = "utf-8"


def write_table(path: Path, table: RawTable, is_cut_off: Flags) -> None:
    """Write a raw table in its source's format; lines of text that `is_cut_off` end before their last field."""
    with appearing(path) as part:
        if table.extension == "parquet":
            pq.write_table(table.rows, part)
            return
        _write_lines(part, table)
        if is_cut_off.any() or table.encoding != UTF_8 or table.extension.endswith(".gz"):
            part.write_bytes(_finished(part.read_bytes(), table, is_cut_off))


def write_csv(path: Path, rows: pd.DataFrame) -> None:
    """Write a table of the truth."""
    with appearing(path) as part:
        _copy(part, pa.Table.from_pandas(rows, preserve_index=False), "format csv, header")


def join_csv(path: Path, parts: list[Path]) -> None:
    """Put tables of the truth with the same columns under one header."""
    with appearing(path) as joined, joined.open("wb") as file:
        for number, part in enumerate(parts):
            with part.open("rb") as rows:
                header = rows.readline()
                file.write(header if number == 0 else b"")
                shutil.copyfileobj(rows, file)


def write_text(path: Path, text: str) -> None:
    """Write a text file."""
    with appearing(path) as part:
        part.write_bytes(text.encode())


def _write_lines(path: Path, table: RawTable) -> None:
    if table.extension.startswith("jsonl"):
        _copy(path, table.rows, "format json")
    else:
        _copy(path, table.rows, f"format csv, header, delimiter '{table.delimiter}'")


def _copy(path: Path, rows: pa.Table, options: str) -> None:
    """Let DuckDB write the rows in their order."""
    _writer().register("rows", rows)
    _writer().execute(f"copy rows to {literal(path)} ({options})")
    _writer().unregister("rows")


@cache
def _writer() -> duckdb.DuckDBPyConnection:
    """One thread, because blocks of people are written side by side."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("set enable_progress_bar = false")
    return connection


def _finished(text: bytes, table: RawTable, is_cut_off: Flags) -> bytes:
    """The bytes of the file: some lines cut off, in its encoding, compressed."""
    if is_cut_off.any():
        text = _with_lines_cut_off(text, table, is_cut_off)
    if table.encoding != UTF_8:
        text = text.decode().encode(table.encoding, errors="replace")
    return gzip.compress(text, GZIP_LEVEL, mtime=0) if table.extension.endswith(".gz") else text


def _with_lines_cut_off(text: bytes, table: RawTable, is_cut_off: Flags) -> bytes:
    is_json = table.extension.startswith("jsonl")
    lines = text.split(b"\n")
    breaks = np.zeros(len(is_cut_off), dtype=np.int64) if is_json else np.cumsum(_occurrences(table, "\n"))
    for row in np.flatnonzero(is_cut_off).tolist():
        line = row + int(breaks[row]) + (0 if is_json else 1)
        lines[line] = lines[line].rpartition(b"," if is_json else table.delimiter.encode())[0]
    return b"\n".join(lines)


def is_quoted(table: RawTable) -> Flags:
    """Rows of CSV in which some value has to stand in quotes; JSON quotes all and escapes what is inside."""
    if table.extension.startswith("jsonl"):
        return np.zeros(len(table.rows), dtype=bool)
    return np.asarray(sum(_occurrences(table, sign) for sign in ("\n", "\r", '"', table.delimiter)) > 0)


def _occurrences(table: RawTable, sign: str) -> np.ndarray:
    """How often `sign` stands in the values of each row."""
    counts = np.zeros(len(table.rows), dtype=np.int64)
    for column in table.rows.columns:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)  # noqa: PLW2901  the same values, spelt out
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            counts += pc.fill_null(pc.count_substring(column, sign), 0).to_numpy()
    return counts
