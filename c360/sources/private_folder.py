"""A folder for raw values on their way: for its owner only, empty at first, and gone afterwards."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OWNER_ONLY = 0o700


@contextmanager
def passing_folder(path: Path) -> Iterator[Path]:
    """Make the folder, without what a killed run left in it, and remove it at the end."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True, mode=_OWNER_ONLY)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
