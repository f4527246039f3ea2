"""Write the sample shop: raw files as its source systems would export them, and the truth about them."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from c360.core.errors import ConfigurationError
from c360.core.log import get_logger
from c360.core.settings import Settings
from c360.sample.browsing import browse
from c360.sample.catalogue import make_products
from c360.sample.consent import answer
from c360.sample.block import Block
from c360.sample.campaigns import Campaigns
from c360.sample.faults import DirtyTable, deliver, plant_faults
from c360.sample.files import write_csv, write_table, write_text
from c360.sample.landing import write_down
from c360.sample.story import Story
from c360.sample.lifecycle import live
from c360.sample.people import make_people
from c360.sample.shopping import go_shopping
from c360.sample.timeline import Timeline
from c360.sample.truth import Request, parameters, readme, tell_truth
from c360.sample.world import World

WORLD = "world.json"


@dataclass(frozen=True)
class SampleSummary:
    """What a sample wrote."""

    person_count: int
    row_counts: dict[str, int]
    """`<source>.<table>` to lines in its file, header not counted, faults included."""
    fault_counts: dict[str, int]
    """Kind of fault to rows, over all tables."""
    truth_dir: Path


def sample(settings: Settings, customers: int = 5000, seed: int = 7, *, until: date, years: int = 2) -> SampleSummary:
    """Write the landing files and the truth of a world of `customers` people that ends the night before `until`.

    The same arguments give the same bytes. Files of an earlier sample go away, others in the landing stay.

    Raises:
        ConfigurationError: there are no customers, no years, or the seed is negative; or the lake already holds
            another sample world, with which this one would mix.
    """
    if customers < 1 or years < 1 or seed < 0:
        raise ConfigurationError(
            f"A sample world needs at least 1 customer, 1 year and a seed of 0 or more, not {customers=}, {years=}, "
            f"{seed=}. Try `c360 sample --customers 5000 --seed 7`."
        )
    request, world = Request(customers, seed, until, years), World()
    _check_lake(settings, request)
    if _is_written(settings, parameters(world, request)):
        get_logger().info("sample_kept", landing=str(settings.landing_dir), reason="this world is already landed")
    else:
        _write_world(settings, world, request)
    return _summary(settings.data_dir / "truth", customers)


def _check_lake(settings: Settings, request: Request) -> None:
    """Raise when the lake holds the files of another sample world: its people would live on beside the new ones."""
    told = settings.data_dir / "truth" / WORLD
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
    if not (truth_dir / WORLD).exists() or (truth_dir / WORLD).read_text(encoding="utf-8") != told:
        return False
    landed = _landed_before(settings.landing_dir, truth_dir)
    return bool(landed) and all(path.exists() for path in landed)


def _write_world(settings: Settings, world: World, request: Request) -> None:
    """Write the landing and the truth; `world.json` comes last and says that all of it is there."""
    truth_dir = settings.data_dir / "truth"
    (truth_dir / WORLD).unlink(missing_ok=True)
    lives, writing = np.random.default_rng(request.seed).spawn(2)
    timeline = Timeline.of_years(request.until, request.years, world.rhythm)
    story = _tell(lives, request.customers, world, timeline)
    faults = world.writing.faults
    dirty = [plant_faults(writing, table, faults) for table in write_down(writing, story, world.writing)]
    tables = [file for table in dirty for file in deliver(writing, table, faults)]
    _land(tables, settings.landing_dir, truth_dir, request.until)
    for name, rows in {**tell_truth(story), "planted_faults": _faults(tables)}.items():
        write_csv(truth_dir / f"{name}.csv", rows)
    write_text(truth_dir / "README.md", readme(story, world, request.seed, request.years))
    write_text(truth_dir / WORLD, parameters(world, request))


def _tell(rng: np.random.Generator, customers: int, world: World, timeline: Timeline) -> Story:
    """Let the world happen; each part has a chance of its own, so that a change in one leaves the others alone."""
    for_people, for_products, for_orders, for_visits, for_answers = rng.spawn(5)
    people = live(for_people, make_people(for_people, customers, world, timeline), world.lifecycle, timeline)
    products = make_products(for_products, world.shop.catalogue)
    purchases = go_shopping(for_orders, people, products, world.shop, timeline)
    visits = browse(for_visits, people, products, purchases.orders, world.browsing, timeline)
    answers = answer(for_answers, people, world.consent, timeline)
    campaigns = Campaigns(pd.DataFrame(), pd.DataFrame())
    return Story(
        Block(0, 0, customers, customers, 1, 0), people, products, purchases, visits, answers, campaigns, timeline
    )


def _land(tables: list[DirtyTable], landing_dir: Path, truth_dir: Path, until: date) -> None:
    """Replace the files of the sample before. The list is written first, so that a killed sample can be replaced."""
    files = pd.DataFrame(
        {
            "source": [dirty.table.source for dirty in tables],
            "table": [dirty.table.name for dirty in tables],
            "file_name": [dirty.table.file_name(until) for dirty in tables],
            "line_count": [len(dirty.table.rows) for dirty in tables],
            "delivery": [dirty.delivery for dirty in tables],
        }
    )
    paths = [landing_dir / source / name for source, name in zip(files["source"], files["file_name"], strict=True)]
    for path in set(_landed_before(landing_dir, truth_dir)) - set(paths):
        path.unlink(missing_ok=True)
    write_csv(truth_dir / "landed_files.csv", files)
    for path, dirty in zip(paths, tables, strict=True):
        write_table(path, dirty.table, dirty.is_cut_off)
        get_logger().info("sample_landed", file=str(path), rows=len(dirty.table.rows))


def _landed_before(landing_dir: Path, truth_dir: Path) -> list[Path]:
    listed = truth_dir / "landed_files.csv"
    if not listed.is_file():
        return []
    files = pd.read_csv(listed, dtype=str)
    return [
        landing_dir / source / Path(name).name for source, name in zip(files["source"], files["file_name"], strict=True)
    ]


def _faults(tables: list[DirtyTable]) -> pd.DataFrame:
    rows = [
        (dirty.table.source, dirty.table.name, fault, count)
        for dirty in tables
        for fault, count in dirty.counts.items()
    ]
    return pd.DataFrame(rows, columns=["source", "table", "fault", "count"])


def _summary(truth_dir: Path, customers: int) -> SampleSummary:
    files, faults = pd.read_csv(truth_dir / "landed_files.csv"), pd.read_csv(truth_dir / "planted_faults.csv")
    names = files["source"] + "." + files["table"]
    return SampleSummary(
        person_count=customers,
        row_counts={str(name): int(count) for name, count in zip(names, files["line_count"], strict=True)},
        fault_counts={str(fault): int(count) for fault, count in faults.groupby("fault")["count"].sum().items()},
        truth_dir=truth_dir,
    )
