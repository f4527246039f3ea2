"""Which reader reads which format. A new format is a module like `csv_rows` and a line here."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from c360.sources.contract import Table
from c360.sources.csv_rows import read_csv
from c360.sources.json_rows import read_json_lines
from c360.sources.parquet_rows import read_parquet
from c360.sources.rows_as_text import Reading

Reader = Callable[[duckdb.DuckDBPyConnection, Path, Table], Reading]

READERS: dict[str, Reader] = {"csv": read_csv, "jsonl": read_json_lines, "parquet": read_parquet}
"""By the `format` of the contract."""
