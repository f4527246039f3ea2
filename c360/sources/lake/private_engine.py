"""An engine for raw rows: in memory, and what does not fit there is readable by its owner only."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from c360.core.settings import Settings
from c360.core.warehouse import engine_config
from c360.sources.lake.lake import make_private


@contextmanager
def private_engine(settings: Settings, spill_name: str = ".spill") -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in memory, so that no raw value gets into the warehouse file; it spills to quarantine.

    Args:
        settings: Where quarantine is, and how much memory there is.
        spill_name: Of the folder it spills to. Who does not hold the warehouse names one of its own.
    """
    spill = settings.quarantine_dir / spill_name
    shutil.rmtree(spill, ignore_errors=True)
    make_private(spill, settings.quarantine_dir)
    try:
        with duckdb.connect(config=engine_config(settings) | {"temp_directory": str(spill)}) as engine:
            engine.execute("set timezone = 'UTC'; set enable_progress_bar = false")
            yield engine
    finally:
        shutil.rmtree(spill, ignore_errors=True)
