"""Which reader reads which format. A new format is a module like `csv_rows` and a line here."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from c360.sources.contracts.contract import Table
from c360.sources.reading.csv_rows import read_csv
from c360.sources.reading.formats import format_of
from c360.sources.reading.json_rows import read_json_lines
from c360.sources.reading.parquet_rows import read_parquet
from c360.sources.reading.refusal import FileRefused
from c360.sources.reading.rows_as_text import Slice

Reader = Callable[[duckdb.DuckDBPyConnection, Path, Table, Path], Iterator[Slice]]

READERS: dict[str, Reader] = {"csv": read_csv, "jsonl": read_json_lines, "parquet": read_parquet}
"""By the `format` of the contract."""


def reader_of(path: Path, table: Table) -> Reader:
    """The reader of a file: that of the contract's format, or where it names none, the one its suffix tells.

    Raises:
        FileRefused: the suffix tells nothing.
    """
    if not (found := table.format or format_of(path)):
        raise FileRefused(
            "unknown_format",
            "Its name does not end in a format: .csv, .jsonl or .parquet, the first two also with .gz.",
            "Land it under a name that does, or write `format` in the contract.",
        )
    return READERS[found]
