"""Files of the sample world: the same bytes for the same rows, and under their final name only when complete."""

import gzip
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from c360.core.files import appearing
from c360.sample.faults import DirtyTable
from c360.sample.landing import RawTable

GZIP_LEVEL = 6
"""As most source systems compress: smaller costs more time than it saves."""
ROWS_PER_CHUNK = 100_000
"""Rows turned into text at once, so that memory does not grow with the table."""


def write_table(path: Path, dirty: DirtyTable) -> None:
    """Write a raw table in its source's format, faults included."""
    with appearing(path) as part, part.open("wb") as file:
        if dirty.table.extension.endswith(".gz"):
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=GZIP_LEVEL) as packed:
                _write_lines(packed, dirty)
        else:
            _write_lines(file, dirty)


def write_csv(path: Path, rows: pd.DataFrame) -> None:
    """Write a table of the truth."""
    write_text(path, rows.to_csv(index=False, lineterminator="\n"))


def write_text(path: Path, text: str) -> None:
    """Write a text file."""
    with appearing(path) as part:
        part.write_bytes(text.encode())


def _write_lines(file: IO[bytes] | gzip.GzipFile, dirty: DirtyTable) -> None:
    table = dirty.table
    is_json = table.extension.startswith("jsonl")
    if not is_json:
        file.write((table.delimiter.join(table.rows.columns) + "\n").encode())
    for start in range(0, len(table.rows), ROWS_PER_CHUNK):
        chunk = slice(start, start + ROWS_PER_CHUNK)
        lines = _json_lines(table.rows.iloc[chunk]) if is_json else _csv_lines(table, table.rows.iloc[chunk])
        for position in np.flatnonzero(dirty.is_cut_off[chunk]).tolist():
            lines[position] = lines[position].rpartition("," if is_json else table.delimiter)[0]
        file.write(("\n".join(lines) + "\n").encode())


def _csv_lines(table: RawTable, rows: pd.DataFrame) -> list[str]:
    return rows.to_csv(index=False, header=False, sep=table.delimiter, lineterminator="\n").split("\n")[:-1]


def _json_lines(rows: pd.DataFrame) -> list[str]:
    text = rows.to_json(orient="records", lines=True, force_ascii=False)
    # pandas escapes every slash; a tracker would not.
    return text.replace("\\/", "/").split("\n")[: len(rows)]
