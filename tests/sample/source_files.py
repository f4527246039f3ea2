"""Ways to read what each source system wrote, by its contract's file pattern alone; shares no code with the writers."""

import csv
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml

from c360.core.settings import PROJECT_DIR

CONTRACTS = {path.stem: yaml.safe_load(path.read_text()) for path in (PROJECT_DIR / "contracts").glob("*.yml")}
TABLES = [(source, name) for source, contract in CONTRACTS.items() for name in contract["tables"]]
"""Every table that a contract speaks of."""
SPOILT = ("31/02 soir", "1O,5O")
"""Values planted for which a row is refused."""
KEYED = re.compile(r"(\w+)\[key=(\w+)\]")

Row = dict[str, Any]


@dataclass(frozen=True)
class SourceTable:
    """One table of a source, read from all its files."""

    source: str
    name: str
    paths: list[Path]
    rows: list[Row]
    """Every row that can be read and holds no spoilt value, once; an empty field of CSV is None."""

    @property
    def contract(self) -> Row:
        """What the contract says of the table."""
        return CONTRACTS[self.source]["tables"][self.name]

    def values(self, column: str) -> list[Any]:
        """A column of the contract, from where the contract says it stands."""
        where = self.contract["columns"][column].get("source_name", column)
        return [value_at(row, where) for row in self.rows]

    def records(self, *columns: str) -> list[tuple[Any, ...]]:
        """Several columns of the contract, row by row."""
        return list(zip(*(self.values(column) for column in columns), strict=True))


def value_at(row: Row, where: str) -> Any:
    """The value at a plain key or a path such as `$.a.b` or `$.list[key=k].value.int_value`."""
    if not where.startswith("$."):
        return row.get(where)
    found: Any = row
    for step in where.removeprefix("$.").split("."):
        if keyed := KEYED.fullmatch(step):
            found = next((item for item in (found or {}).get(keyed[1]) or [] if item["key"] == keyed[2]), None)
        else:
            found = (found or {}).get(step)
    return found


def top_keys(table: Row) -> set[str]:
    """The names under which the contract finds its columns at the top of a file's rows."""
    names = (column.get("source_name", name) for name, column in table["columns"].items())
    return {re.split(r"[.\[]", name.removeprefix("$."))[0] if name.startswith("$.") else name for name in names}


@cache
def source_table(data_dir: Path, source: str, name: str) -> SourceTable:
    """Read a table from every file that its contract's pattern names."""
    contract = CONTRACTS[source]["tables"][name]
    paths = [
        path for path in sorted((data_dir / "landing" / source).iterdir()) if fnmatch(path.name, contract["files"])
    ]
    rows = {
        json.dumps(row, default=str): row for path in paths for row in read_rows(path, contract) if not _is_spoilt(row)
    }
    return SourceTable(source, name, paths, list(rows.values()))


def read_rows(path: Path, contract: Row) -> Iterator[Row]:
    """The rows of a file that can be read."""
    if path.suffix == ".parquet":
        yield from pq.read_table(path).to_pylist()
        return
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode(contract.get("encoding", "utf-8"))
    if ".jsonl" in path.name:
        yield from (row for row in map(_object, text.splitlines()) if row is not None)
    else:
        yield from _csv_rows(text, contract.get("delimiter", ","))


def _object(line: str) -> Row | None:
    """A line of JSON, unless it was cut off."""
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return None


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    header, *lines = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    for line in lines:
        if len(line) == len(header):
            yield {name: value or None for name, value in zip(header, line, strict=True)}


def _is_spoilt(row: Row) -> bool:
    return any(value in SPOILT for value in row.values() if isinstance(value, str)) or any(
        row.get(column) == 0 for column in ("occurred_at", "event_timestamp")
    )
