"""Sample worlds as far as `build staging`, and `c360` commands on them, measured. Not a benchmark of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import duckdb
import pandas as pd

UNTIL = "2026-07-01"
EVENTS_PER_CUSTOMER = "25"
"""About as few as a world may have: what identity reads lies in records and devices, and events take time to ingest."""
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Taken:
    """What a command took, and the log lines it wrote."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    lines: list[dict[str, object]] = field(repr=False)

    @property
    def stages(self) -> dict[str, float]:
        """Seconds before each log line, since the one before it."""
        moments = [datetime.fromisoformat(str(line["timestamp"])) for line in self.lines]
        names = [str(line["event"]) for line in self.lines[1:]]
        spans = ((later - before).total_seconds() for before, later in pairwise(moments))
        return dict(zip(names, spans, strict=True))


@dataclass(frozen=True)
class World:
    """A data folder whose layer `staging` is built, and the truth about it."""

    data_dir: Path
    people: int

    def truth(self, name: str) -> pd.DataFrame:
        """A table of the truth, every column text."""
        return pd.read_csv(self.data_dir / "truth" / f"{name}.csv", dtype=str)

    def rows(self, sql: str) -> pd.DataFrame:
        """What a query says about the warehouse."""
        with duckdb.connect(str(self.data_dir / "warehouse.duckdb"), read_only=True) as warehouse:
            return warehouse.sql(sql).df()

    def run(self, *arguments: str) -> Taken:
        """Run `c360 <arguments>` on the folder, in a process of its own.

        Raises:
            SystemExit: the command failed.
        """
        started = time.perf_counter()
        with tempfile.TemporaryFile("w+") as said:
            environment = os.environ | {"C360_DATA_DIR": str(self.data_dir)}
            process = subprocess.Popen(
                [sys.executable, "-m", "c360", *arguments], env=environment, stdout=said, stderr=said
            )
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - started
            said.seek(0)
            lines = said.read().splitlines()
        if status:
            raise SystemExit(f"c360 {' '.join(arguments)} failed on {self.data_dir}:\n" + "\n".join(lines[-20:]))
        logged = [json.loads(line) for line in lines if line.startswith("{")]
        return Taken(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, logged)

    @contextmanager
    def changed(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The warehouse, to change it."""
        with duckdb.connect(str(self.data_dir / "warehouse.duckdb")) as warehouse:
            yield warehouse

    def forget(self, but_what_matching_learned: bool = False) -> None:
        """Take away what identity remembers from run to run: ids, decisions, the state of the day before."""
        remembered = list((self.data_dir / "identity").glob("*"))
        for path in remembered:
            if path.name == "learned" and but_what_matching_learned:
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        with self.changed() as warehouse:
            found = warehouse.execute(
                "select table_name from duckdb_tables() where schema_name = 'pipeline' and table_name ^@ 'identity_'"
            ).fetchall()
            for (table,) in found:
                warehouse.execute(f"drop table pipeline.{table}")


@contextmanager
def staged(people: int, seed: int, folder: Path | None) -> Iterator[World]:
    """A world as far as `build staging`; it is gone afterwards unless it has a folder to stay in."""
    kept = folder and folder / f"{people}_{seed}"
    world = World(kept or Path(tempfile.mkdtemp(prefix="c360_identity_")), people)
    try:
        if not (world.data_dir / "warehouse.duckdb").exists():
            size = ("--customers", str(people), "--events-per-customer", EVENTS_PER_CUSTOMER)
            world.run("sample", *size, "--seed", str(seed), "--until", UNTIL)
            world.run("ingest", "--as-of", UNTIL)
            world.run("build", "staging", "--as-of", UNTIL)
        yield world
    finally:
        if not kept:
            shutil.rmtree(world.data_dir)
