"""Ways to write a sample world, and to read it that share nothing with the code that wrote it."""

import csv
import gzip
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from c360.core.settings import Settings
from c360.sample.truth import Request
from c360.sample.world import World
from c360.steps.sample import SampleSummary, sample

UNTIL = date(2026, 7, 1)
CUSTOMERS = 400


@dataclass(frozen=True)
class LandedTable:
    """The lines of the landed files of a table, taken apart."""

    columns: list[str]
    """As the file names them; for JSON lines, the names in the first one."""
    lines: list[str]
    """Every line but the header."""
    rows: list[dict[str, str | bool | None]]
    """Of the lines that can be read, each as often as it stands there. An empty CSV field is None."""

    @property
    def good(self) -> pd.DataFrame:
        """The readable rows once each, without those that hold a spoilt date or amount."""
        kept = [row for row in self.rows if "31/02 soir" not in row.values() and "1O,5O" not in row.values()]
        return pd.DataFrame(kept, columns=self.columns, dtype=object).drop_duplicates(ignore_index=True)

    @property
    def repeated_count(self) -> int:
        """Lines beyond the first of their kind."""
        return sum(count - 1 for count in Counter(self.lines).values())


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
        return pd.read_csv(self.data_dir / "truth" / f"{name}.csv", keep_default_na=False)

    def table(self, source: str, name: str) -> LandedTable:
        """A table that landed, from all its files; what came again is read once."""
        paths = sorted((self.data_dir / "landing" / source).glob(f"{name}_*"))
        once = {path.read_bytes(): path for path in reversed(paths)}
        parts = [_read(path, ";" if source == "crm" else ",") for path in sorted(once.values())]
        lines, rows = ([one for part in parts for one in getattr(part, name)] for name in ("lines", "rows"))
        return LandedTable(parts[0].columns, lines, rows)


def land(
    data_dir: Path, customers: int = CUSTOMERS, seed: int = 7, until: date = UNTIL, world: World | None = None
) -> Landed:
    """Write a sample into a folder."""
    request = Request(customers, seed, until, years=2)
    return Landed(data_dir, sample(Settings(data_dir=data_dir), request, world=world or World()))


@cache
def _read(path: Path, delimiter: str) -> LandedTable:
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode()
    return _json_table(text) if ".jsonl" in path.name else _csv_table(text, delimiter)


def _csv_table(text: str, delimiter: str) -> LandedTable:
    header, *lines = text.removesuffix("\n").split("\n")
    columns = header.split(delimiter)
    fields = [row for row in csv.reader(lines, delimiter=delimiter) if len(row) == len(columns)]
    rows: list[dict[str, str | bool | None]] = [
        {name: value or None for name, value in zip(columns, row, strict=True)} for row in fields
    ]
    return LandedTable(columns, lines, rows)


def _json_table(text: str) -> LandedTable:
    lines = text.removesuffix("\n").split("\n")
    rows = [json.loads(line) for line in lines if line.endswith("}")]
    return LandedTable(list(rows[0]), lines, rows)
