"""Seconds and peak memory of writing a sample world, as it grows.

    uv run python benchmarks/sample.py --customers 10000 --customers 100000 --customers 1000000

Each world is written by `c360 sample` in a process of its own, with its workers, into a folder that is removed after.
Memory is the proportional share of all its processes together, read ten times a second; the peak of it is told. `busy`
is the mean of how many processes wanted a core meanwhile, its own included: above the number of cores, seconds are
longer than they would be on a quiet machine. CPU seconds are not.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

SECONDS_BETWEEN_LOOKS = 0.1
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Measured:
    """What a world took."""

    customers: int
    row_count: int
    """Lines in all landed files."""
    landed_bytes: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    busy: float

    def __str__(self) -> str:
        return (
            f"{self.customers:>9,} {self.row_count:>11,} {self.landed_bytes / MEGABYTE:>9,.0f} {self.seconds:>8.1f} "
            f"{self.cpu_seconds:>6.0f} {self.row_count / self.seconds:>9,.0f} {self.peak_bytes / MEGABYTE:>8,.0f} "
            f"{self.busy:>5.1f}"
        )


COLUMNS = {"customers": 9, "rows": 11, "landed MB": 9, "seconds": 8, "CPU s": 6, "rows/s": 9, "peak MB": 8, "busy": 5}
HEADER = " ".join(f"{name:>{width}}" for name, width in COLUMNS.items())


def main(
    customers: Annotated[list[int], typer.Option(help="People of a world; give it several times.")] = [10_000, 100_000],  # noqa: B006
    events_per_customer: Annotated[float, typer.Option(help="Web events, orders and campaign contacts each.")] = 25.0,
    workers: Annotated[int, typer.Option(help="Worker processes.")] = 2,
    folder: Annotated[
        Path | None, typer.Option(help="Where the worlds are written. Default: for temporary files.")
    ] = None,
) -> None:
    """Print a line for each world."""
    sys.stdout.write(HEADER + "\n")
    for count in customers:
        sys.stdout.write(f"{measure(count, events_per_customer, workers, folder)}\n")
        sys.stdout.flush()


def measure(customers: int, events_per_customer: float, workers: int, folder: Path | None) -> Measured:
    """Write one world and take it away again."""
    data_dir = Path(tempfile.mkdtemp(prefix="c360_sample_", dir=folder))
    command = [sys.executable, "-m", "c360", "sample", "--customers", str(customers), "--workers", str(workers)]
    command += ["--events-per-customer", str(events_per_customer)]
    environment = os.environ | {"C360_DATA_DIR": str(data_dir)}
    try:
        started, cpu_before = time.perf_counter(), _cpu_seconds_of_children()
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            peak, busy = _watch(process)
        if process.returncode:
            raise SystemExit(f"c360 sample ended with {process.returncode}; run it by hand to see why: {command}")
        seconds, cpu_seconds = time.perf_counter() - started, _cpu_seconds_of_children() - cpu_before
        rows = int(pd.read_csv(data_dir / "truth" / "landed_files.csv")["line_count"].sum())
        landed = sum(path.stat().st_size for path in (data_dir / "landing").rglob("*") if path.is_file())
    finally:
        shutil.rmtree(data_dir)
    return Measured(customers, rows, landed, seconds, cpu_seconds, peak, busy)


def _watch(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """The peak memory of a process and all it started, and the mean number of processes that wanted a core."""
    peak, loads = 0, []
    while process.poll() is None:
        peak = max(peak, sum(_proportional_bytes(pid) for pid in _family(process.pid)))
        loads.append(float(int(Path("/proc/loadavg").read_text().split()[3].split("/")[0])))
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return peak, statistics.fmean(loads)


def _family(pid: int) -> list[int]:
    """A process and everything it started, as far as it is still there."""
    try:
        children = [child for task in Path(f"/proc/{pid}/task").iterdir() for child in _children(task)]
    except OSError:
        return [pid]
    return [pid, *(member for child in children for member in _family(child))]


def _children(task: Path) -> list[int]:
    return [int(child) for child in (task / "children").read_text().split()]


def _proportional_bytes(pid: int) -> int:
    """Memory of a process, pages that it shares counted in part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _cpu_seconds_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    typer.run(main)
