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
from c360.sample.faults import DirtyTable, plant_faults
from c360.sample.files import write_csv, write_table, write_text
from c360.sample.landing import Story, write_down
from c360.sample.lifecycle import live
from c360.sample.people import make_people
from c360.sample.shopping import go_shopping
from c360.sample.timeline import Timeline
from c360.sample.truth import parameters, readme, tell_truth
from c360.sample.world import World


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
    arguments: dict[str, str | int] = {
        "customers": customers,
        "seed": seed,
        "until": until.isoformat(),
        "years": years,
    }
    _check_lake(settings, arguments)
    world = World()
    lives, writing = np.random.default_rng(seed).spawn(2)
    story = _tell(lives, customers, world, Timeline.of_years(until, years, world.rhythm))
    tables = [plant_faults(writing, table, world.writing.faults) for table in write_down(writing, story, world.writing)]
    truth_dir = settings.data_dir / "truth"
    _land(tables, settings.landing_dir, truth_dir, until)
    for name, rows in {**tell_truth(story), "planted_faults": _faults(tables)}.items():
        write_csv(truth_dir / f"{name}.csv", rows)
    write_text(truth_dir / "world.json", parameters(world, arguments))
    write_text(truth_dir / "README.md", readme(story, world, seed, years))
    return _summary(tables, customers, truth_dir)


def _check_lake(settings: Settings, arguments: dict[str, str | int]) -> None:
    """Raise when the lake holds the files of another sample world: its people would live on beside the new ones."""
    told = settings.data_dir / "truth" / "world.json"
    if not (settings.lake_dir.exists() and told.exists()):
        return
    earlier = json.loads(told.read_text(encoding="utf-8"))["arguments"]
    if earlier != arguments:
        raise ConfigurationError(
            f"{settings.lake_dir} already holds the sample world of {earlier}, and {arguments} would mix with it. "
            f"Remove {settings.data_dir}, or set C360_DATA_DIR to another folder."
        )


def _tell(rng: np.random.Generator, customers: int, world: World, timeline: Timeline) -> Story:
    """Let the world happen; each part has a chance of its own, so that a change in one leaves the others alone."""
    for_people, for_products, for_orders, for_visits, for_answers = rng.spawn(5)
    people = live(for_people, make_people(for_people, customers, world, timeline), world.lifecycle, timeline)
    products = make_products(for_products, world.shop.catalogue)
    purchases = go_shopping(for_orders, people, products, world.shop, timeline)
    visits = browse(for_visits, people, products, purchases.orders, world.browsing, timeline)
    return Story(people, products, purchases, visits, answer(for_answers, people, world.consent, timeline), timeline)


def _land(tables: list[DirtyTable], landing_dir: Path, truth_dir: Path, until: date) -> None:
    """Replace the files of the sample before. The list is written first, so that a killed sample can be replaced."""
    files = pd.DataFrame(
        {
            "source": [dirty.table.source for dirty in tables],
            "table": [dirty.table.name for dirty in tables],
            "file_name": [f"{dirty.table.name}_{until.isoformat()}.{dirty.table.extension}" for dirty in tables],
            "line_count": [len(dirty.table.rows) for dirty in tables],
        }
    )
    paths = [landing_dir / source / name for source, name in zip(files["source"], files["file_name"], strict=True)]
    for path in set(_landed_before(landing_dir, truth_dir)) - set(paths):
        path.unlink(missing_ok=True)
    write_csv(truth_dir / "landed_files.csv", files)
    for path, dirty in zip(paths, tables, strict=True):
        write_table(path, dirty)
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


def _summary(tables: list[DirtyTable], customers: int, truth_dir: Path) -> SampleSummary:
    fault_counts = _faults(tables).groupby("fault")["count"].sum()
    return SampleSummary(
        person_count=customers,
        row_counts={f"{dirty.table.source}.{dirty.table.name}": len(dirty.table.rows) for dirty in tables},
        fault_counts={str(fault): int(count) for fault, count in fault_counts.items()},
        truth_dir=truth_dir,
    )
