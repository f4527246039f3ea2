"""Write one block of a world: its files as they land, and its part of every table of the truth."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from c360.sample.block import Block
from c360.sample.encounters.encounters import meet
from c360.sample.faults import DirtyTable, deliver, plant_faults
from c360.sample.files import write_csv, write_table
from c360.sample.landing import write_down
from c360.sample.setting import make_setting
from c360.sample.story import tell
from c360.sample.timeline import Timeline
from c360.sample.truth import tell_truth
from c360.sample.world import World

LANDED_FILES = "landed_files"
PLANTED_FAULTS = "planted_faults"


@dataclass(frozen=True)
class Task:
    """A block to write, and where."""

    block: Block
    world: World
    timeline: Timeline
    landing_dir: Path
    parts_dir: Path
    """For the block's part of every table of the truth."""


def write_block(task: Task) -> None:
    """Write a block. What it holds follows from the task alone, whichever process writes it and when.

    The list of its files comes first, so that what a killed sample has written can be found and replaced.
    """
    seed, number = task.block.seed, task.block.number
    of_world, of_block = (
        np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(key,))) for key in (0, 1 + number)
    )
    for_story, for_encounters, for_files = of_block.spawn(3)
    story = tell(for_story, task.block, make_setting(of_world, task.world, task.timeline))
    encounters = meet(for_encounters, story, task.world.touchpoints)
    faults = task.world.writing.faults
    dirty = [plant_faults(for_files, table, faults) for table in write_down(for_files, story, encounters, task.world)]
    files = [file for table in dirty for file in deliver(for_files, table, faults)]
    _write_part(task, LANDED_FILES, _listed(task, files))
    for file in files:
        write_table(_path(task, file), file.table, file.is_cut_off)
    for name, rows in {**tell_truth(story, encounters, task.world), PLANTED_FAULTS: _faults(files)}.items():
        _write_part(task, name, rows)


def _write_part(task: Task, name: str, rows: pd.DataFrame) -> None:
    write_csv(task.parts_dir / name / f"{task.block.number:06d}.csv", rows)


def _path(task: Task, file: DirtyTable) -> Path:
    return task.landing_dir / file.table.source / file.table.file_name(task.timeline.until, task.block.part)


def _listed(task: Task, files: list[DirtyTable]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": [file.table.source for file in files],
            "table": [file.table.name for file in files],
            "file_name": [_path(task, file).name for file in files],
            "line_count": [len(file.table.rows) for file in files],
            "delivery": [file.delivery for file in files],
        }
    )


def _faults(files: list[DirtyTable]) -> pd.DataFrame:
    rows = [(file.table.source, file.table.name, kind, count) for file in files for kind, count in file.counts.items()]
    return pd.DataFrame(rows, columns=["source", "table", "fault", "count"])
