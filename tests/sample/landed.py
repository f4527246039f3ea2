"""Ways to write a sample world, and to read it that share nothing with the code that wrote it."""

import csv
import gzip
import io
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import yaml

from c360.core.settings import PROJECT_DIR, Settings
from c360.sample.truth import Request
from c360.sample.world import World
from c360.steps.sample import SampleSummary, sample

UNTIL = date(2026, 7, 1)
CUSTOMERS = 400
CONTRACTS = {path.stem: yaml.safe_load(path.read_text()) for path in (PROJECT_DIR / "contracts").glob("*.yml")}
TABLES = [(source, name) for source, contract in CONTRACTS.items() for name in contract["tables"]]
"""Every table that a contract speaks of."""
SPOILT_TEXTS = ("31/02 soir", "1O,5O")
SPOILT_TIMES = ("occurred_at", "event_timestamp")
"""Columns in which a time of 0 is planted."""

TEXTS = {"anonymous_id": "str", "identifier_value": "str"}
"""Columns of the truth that look like numbers."""

Row = dict[str, Any]


@dataclass(frozen=True)
class LandedTable:
    """What the landed files of a table hold, taken apart."""

    rows: list[Row]
    """Rows that can be read, each as often as it stands there, under the contract's names of flat columns. An empty
    CSV field is None."""
    cut_off_count: int
    """Lines that cannot be read."""

    @property
    def line_count(self) -> int:
        """Lines of text, or rows of Parquet; headers are none."""
        return len(self.rows) + self.cut_off_count

    @cached_property
    def good(self) -> pd.DataFrame:
        """The readable rows once each, without those that hold a spoilt date, time or amount."""
        kept = {_text(row): row for row in self.rows if not is_spoilt(row)}
        return pd.DataFrame(list(kept.values()), columns=list(self.rows[0]), dtype=object)

    @property
    def repeated_count(self) -> int:
        """Rows beyond the first of their kind."""
        return sum(count - 1 for count in Counter(map(_text, self.rows)).values())


@dataclass(frozen=True)
class Landed:
    """A data folder with a sample in it."""

    data_dir: Path
    summary: SampleSummary

    def files(self) -> dict[str, bytes]:
        """The bytes of every file by its path inside the data folder."""
        paths = [path for path in self.data_dir.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.data_dir)): path.read_bytes() for path in paths}

    def truth(self, name: str) -> pd.DataFrame:
        """A table of the truth."""
        return pd.read_csv(self.data_dir / "truth" / f"{name}.csv", keep_default_na=False, dtype=TEXTS)

    def paths(self, source: str, name: str) -> list[Path]:
        """The files of a table, without those that hold the same as another."""
        pattern = CONTRACTS[source]["tables"][name]["files"]
        paths = [path for path in sorted((self.data_dir / "landing" / source).iterdir()) if fnmatch(path.name, pattern)]
        return sorted({path.read_bytes(): path for path in reversed(paths)}.values())

    def table(self, source: str, name: str) -> LandedTable:
        """A table that landed, from all its files; what came again is read once."""
        parts = [_read(path, source, name) for path in self.paths(source, name)]
        return LandedTable([row for part in parts for row in part.rows], sum(part.cut_off_count for part in parts))

    def web_events(self) -> pd.DataFrame:
        """What Google Analytics tells: `event_timestamp`, `event_name`, `user_id`, `anonymous_id`, `sku`, `day`."""
        return _web_events(self.paths("ga4", "events"))

    def person_of(self) -> pd.Series:
        """Whose each record is."""
        return self.truth("records").set_index("record_id")["person_id"]


def land(
    data_dir: Path, customers: int = CUSTOMERS, seed: int = 7, until: date = UNTIL, world: World | None = None
) -> Landed:
    """Write a sample into a folder."""
    request = Request(customers, seed, until, years=2)
    return Landed(data_dir, sample(Settings(data_dir=data_dir), request, world=world or World()))


def is_spoilt(row: Row) -> bool:
    """Whether an ingest refuses the row for a value that was planted."""
    return any(value in SPOILT_TEXTS for value in row.values() if isinstance(value, str)) or any(
        row.get(column) == 0 for column in SPOILT_TIMES
    )


@cache
def _read(path: Path, source: str, name: str) -> LandedTable:
    contract = CONTRACTS[source]["tables"][name]
    if path.suffix == ".parquet":
        return LandedTable(pq.read_table(path).to_pylist(), 0)
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode(contract.get("encoding", "utf-8"))
    if ".jsonl" in path.name:
        lines = text.removesuffix("\n").split("\n")
        rows = [row for row in map(_object, lines) if row is not None]
        return LandedTable(rows, len(lines) - len(rows))
    names = {column.get("source_name", plain): plain for plain, column in contract["columns"].items()}
    header, *fields = csv.reader(io.StringIO(text, newline=""), delimiter=contract.get("delimiter", ","))
    columns = [names.get(column, column) for column in header]
    whole = [row for row in fields if len(row) == len(columns)]
    rows = [{column: value or None for column, value in zip(columns, row, strict=True)} for row in whole]
    return LandedTable(rows, len(fields) - len(rows))


def _object(line: str) -> Row | None:
    """A line of JSON, unless it was cut off."""
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return None


def _web_events(paths: list[Path]) -> pd.DataFrame:
    columns = "event_timestamp, event_name, user_id, user_pseudo_id as anonymous_id, items[1].item_id as sku"
    parquet, lines = ([str(path) for path in paths if (path.suffix == ".parquet") == is_it] for is_it in (True, False))
    types = dict.fromkeys(("event_timestamp", "event_name", "user_id", "user_pseudo_id"), "VARCHAR")
    types["items"] = "STRUCT(item_id VARCHAR)[]"
    with duckdb.connect() as connection:
        past = connection.execute(f"select {columns} from read_parquet(?)", [parquet]).df()
        reader = f"select {columns} from read_json(?, format='newline_delimited', ignore_errors=true, columns={types})"
        events = pd.concat([past, connection.execute(reader, [lines]).df()], ignore_index=True)
    events = events.dropna(subset="event_timestamp").astype({"event_timestamp": "int64"})
    events = events[events["event_timestamp"] > 0].drop_duplicates(ignore_index=True)
    moment = pd.to_datetime(events["event_timestamp"], unit="us")
    return events.assign(day=moment.dt.strftime("%Y-%m-%d"), user_id=events["user_id"].replace({"": None}))


def _text(row: Row) -> str:
    return json.dumps(row, default=str)
