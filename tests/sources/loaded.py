"""Files of one table, loaded into a lake of their own."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from c360.core.settings import Settings
from c360.privacy.hashing import file_digest
from c360.sources.contracts.contract import SourceTable, Table
from c360.sources.lake.accounts import FileAccount
from c360.sources.lake.lake import TableLake
from c360.sources.lake.load import TableLoad


@dataclass
class Loaded:
    """A lake, and what was loaded into it."""

    folder: Path
    table: Table
    accounts: list[FileAccount] = field(default_factory=list)

    @property
    def lake(self) -> TableLake:
        return TableLake(
            Settings(data_dir=self.folder / "data"), SourceTable("till", "lines", "stores-team", self.table)
        )

    def load(self, *contents: bytes, name: str = "lines_1.csv") -> FileAccount:
        """Load files one after the other and give the account of the last."""
        with duckdb.connect(config={"threads": 2}) as engine:
            engine.execute("set timezone = 'UTC'")
            load = TableLoad(engine, self.lake, date(2026, 7, 1))
            for content in contents:
                path = self.folder / name
                path.write_bytes(content)
                self.accounts.append(load.load(path, file_digest(path)))
                assert self.accounts[-1].is_balanced
        return self.accounts[-1]

    def rows(self, columns: str = "*") -> list[tuple[Any, ...]]:
        """The rows of the lake, in the order of their lines."""
        with duckdb.connect() as engine:
            return engine.execute(f"select {columns} from ({self.lake.relation()}) order by _line").fetchall()

    def refused(self) -> list[tuple[Any, ...]]:
        """Line, reason and text of the rows in quarantine."""
        paths = str(self.lake.quarantine_folder / "*.parquet")
        with duckdb.connect() as engine:
            return engine.execute(
                "select line, reason, row_as_text from read_parquet(?) order by line", [paths]
            ).fetchall()


def make_table(columns: dict[str, Any], **changes: Any) -> Table:
    """A table of these columns, of which the first is the key."""
    return Table.model_validate(
        {
            "description": "One row per line.",
            "files": "lines_*",
            "key": [next(iter(columns))],
            "columns": columns,
            "max_quarantined_rate": 1.0,
        }
        | changes
    )
