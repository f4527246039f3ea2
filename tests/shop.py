"""A data folder on which tests run c360 as a user would."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from c360.core.settings import PROJECT_DIR

AS_OF = "2026-07-01"


@dataclass(frozen=True)
class Shop:
    """A data folder and how to run c360 on it."""

    data_dir: Path
    contracts_dir: Path = PROJECT_DIR / "contracts"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `c360 <arguments>` on this folder in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "c360", *arguments],
            env=os.environ | {"C360_DATA_DIR": str(self.data_dir), "C360_CONTRACTS_DIR": str(self.contracts_dir)},
            capture_output=True,
            text=True,
            check=False,
        )

    def published(self) -> duckdb.DuckDBPyConnection:
        """A reader of the published version."""
        return duckdb.connect(str(self.data_dir / "published" / "c360.duckdb"), read_only=True)


def land_small_shop(data_dir: Path) -> Shop:
    """A shop of 400 people whose files have landed."""
    shop = Shop(data_dir)
    landed = shop.run("sample", "--customers", "400", "--seed", "7", "--until", AS_OF)
    assert landed.returncode == 0, landed.stderr
    return shop
