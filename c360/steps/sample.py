"""Write the sample shop: raw files as its source systems would export them, and the truth about them."""

import json
import multiprocessing
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from c360.core.errors import ConfigurationError
from c360.core.log import get_logger
from c360.core.settings import Settings
from c360.sample.block import blocks
from c360.sample.files import join_csv, write_csv, write_text
from c360.sample.story import at_events_per_customer
from c360.sample.timeline import Timeline
from c360.sample.truth import Request, parameters, readme
from c360.sample.world import World
from c360.sample.writing import LANDED_FILES, PLANTED_FAULTS, Task, write_block

WORLD = World()
"""The sample world as it is documented."""
WORLD_FILE = "world.json"
PARTS = ".parts"
"""The folder beside the truth in which blocks lie until all are there."""


@dataclass(frozen=True)
class SampleSummary:
    """What a sample wrote."""

    person_count: int
    row_counts: dict[str, int]
    """`<source>.<table>` to lines in its files, headers not counted, faults and files that came again included."""
    fault_counts: dict[str, int]
    """Kind of fault to rows, over all tables."""
    truth_dir: Path


def sample(settings: Settings, request: Request, *, world: World = WORLD, worker_count: int = 2) -> SampleSummary:
    """Write the landing files and the truth of a world of people that ends the night before `request.until`.

    The same request gives the same bytes, whatever the number of worker processes. Files of an earlier sample go away,
    others in the landing stay.

    Raises:
        ConfigurationError: there are no customers, no years, or the seed is negative; there are more events per
            customer whatever the visits; or the lake already holds another sample world, with which this one would mix.
    """
    if request.customers < 1 or request.years < 1 or request.seed < 0 or worker_count < 1:
        raise ConfigurationError(
            f"A sample world needs at least 1 customer, 1 year, 1 worker and a seed of 0 or more, not {request} and "
            f"{worker_count=}. Try `c360 sample --customers 5000 --seed 7`."
        )
    _check_lake(settings, request)
    timeline = Timeline.of_years(request.until, request.years, world.rhythm)
    world = _as_asked(world, request, timeline)
    if _is_written(settings, parameters(world, request)):
        get_logger().info("sample_kept", landing=str(settings.landing_dir), reason="this world is already landed")
    else:
        _write_world(settings, world, request, timeline, worker_count)
    return _summary(settings.data_dir / "truth", request.customers)


def _as_asked(world: World, request: Request, timeline: Timeline) -> World:
    if request.events_per_customer is None:
        return world
    try:
        return at_events_per_customer(world, request.events_per_customer, request.seed, timeline)
    except ValueError as error:
        raise ConfigurationError(
            f"A sample world cannot have {request.events_per_customer} events per customer: {error}. Ask for more with "
            "--events-per-customer, or leave it out."
        ) from error


def _check_lake(settings: Settings, request: Request) -> None:
    """Raise when the lake holds the files of another sample world: its people would live on beside the new ones."""
    told = settings.data_dir / "truth" / WORLD_FILE
    if not (settings.lake_dir.exists() and told.exists()):
        return
    earlier = json.loads(told.read_text(encoding="utf-8")).get("request")
    if earlier != request.as_json():
        raise ConfigurationError(
            f"{settings.lake_dir} already holds the sample world of {earlier}; {request.as_json()} would mix with it. "
            f"Remove {settings.data_dir}, or set C360_DATA_DIR to another folder."
        )


def _is_written(settings: Settings, told: str) -> bool:
    """Whether this very world was written to its end and its files still lie in landing."""
    truth_dir = settings.data_dir / "truth"
    if not (truth_dir / WORLD_FILE).exists() or (truth_dir / WORLD_FILE).read_text(encoding="utf-8") != told:
        return False
    landed = list(_landed_before(settings.landing_dir, truth_dir))
    return bool(landed) and all(path.exists() for path in landed)


def _write_world(settings: Settings, world: World, request: Request, timeline: Timeline, worker_count: int) -> None:
    """Write the landing and the truth; `world.json` comes last and says that all of it is there."""
    truth_dir, landing_dir = settings.data_dir / "truth", settings.landing_dir
    (truth_dir / WORLD_FILE).unlink(missing_ok=True)
    for path in _landed_before(landing_dir, truth_dir):
        path.unlink(missing_ok=True)
    parts_dir = truth_dir / PARTS
    shutil.rmtree(parts_dir, ignore_errors=True)
    people = blocks(request.customers, world.block_people, request.seed)
    _write_blocks([Task(block, world, timeline, landing_dir, parts_dir) for block in people], worker_count)
    _join_truth(truth_dir)
    write_text(truth_dir / "README.md", readme(world, request))
    write_text(truth_dir / WORLD_FILE, parameters(world, request))
    shutil.rmtree(parts_dir)


def _write_blocks(tasks: list[Task], worker_count: int) -> None:
    """Write all blocks, side by side where there are several."""
    if len(tasks) == 1 or worker_count == 1:
        for task in tasks:
            _write_and_log(task)
        return
    # A forked process would inherit locks that threads of Arrow may hold.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(worker_count, len(tasks)), mp_context=context) as pool:
        for _ in pool.map(_write_and_log, tasks):
            pass


def _write_and_log(task: Task) -> None:
    write_block(task)
    block = task.block
    get_logger().info("sample_landed", block=block.number + 1, of=block.block_count, people=block.person_count)


def _join_truth(truth_dir: Path) -> None:
    """Make one table of the truth of what the blocks told."""
    for folder in sorted((truth_dir / PARTS).iterdir()):
        join_csv(truth_dir / f"{folder.name}.csv", sorted(folder.iterdir()))
    faults = pd.read_csv(truth_dir / f"{PLANTED_FAULTS}.csv")
    counted = faults.groupby(["source", "table", "fault"], sort=False)["count"].sum().reset_index()
    write_csv(truth_dir / f"{PLANTED_FAULTS}.csv", counted)


def _landed_before(landing_dir: Path, truth_dir: Path) -> Iterator[Path]:
    """The files of the sample before, also of one that was killed."""
    for listed in [truth_dir / f"{LANDED_FILES}.csv", *(truth_dir / PARTS / LANDED_FILES).glob("*.csv")]:
        if listed.is_file():
            files = pd.read_csv(listed, dtype=str)
            for source, name in zip(files["source"], files["file_name"], strict=True):
                yield landing_dir / source / Path(name).name


def _summary(truth_dir: Path, customers: int) -> SampleSummary:
    files, faults = pd.read_csv(truth_dir / f"{LANDED_FILES}.csv"), pd.read_csv(truth_dir / f"{PLANTED_FAULTS}.csv")
    lines = files["line_count"].groupby(files["source"] + "." + files["table"], sort=False).sum()
    return SampleSummary(
        person_count=customers,
        row_counts={str(name): int(count) for name, count in lines.items()},
        fault_counts={str(fault): int(count) for fault, count in faults.groupby("fault")["count"].sum().items()},
        truth_dir=truth_dir,
    )
