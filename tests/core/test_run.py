"""A run knows the day it speaks about, and never asks the clock for it."""

from datetime import date
from pathlib import Path

import pytest

from c360.core.errors import ConfigurationError
from c360.core.run import start_run
from c360.core.settings import Settings


def land(data_dir: Path, *names: str) -> Settings:
    for name in names:
        path = data_dir / "landing" / "pos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return Settings(data_dir=data_dir)


def test_the_newest_landed_day_is_the_default(tmp_path: Path) -> None:
    """Files carry the morning of their export; names without a real date do not count."""
    settings = land(tmp_path, "receipts_2026-06-30.csv", "receipts_2026-07-01.csv", "receipts_2026-13-45.csv", "x.csv")

    assert start_run(settings).as_of == date(2026, 7, 1)


def test_a_given_day_wins(tmp_path: Path) -> None:
    """A backfill speaks about the day it is told."""
    settings = land(tmp_path, "receipts_2026-07-01.csv")

    assert start_run(settings, date(2026, 1, 1)).as_of == date(2026, 1, 1)


def test_nothing_landed_is_a_clear_error(tmp_path: Path) -> None:
    """The message names the folder and the remedy."""
    with pytest.raises(ConfigurationError, match=r"landing.*c360 sample"):
        start_run(Settings(data_dir=tmp_path))
