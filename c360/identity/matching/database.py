"""The database in memory in which profiles are compared; what does not fit spills into a private folder."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

MEMORY_LIMIT = "3GB"


@contextmanager
def opened() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that is gone afterwards, and what it spilled with it."""
    with tempfile.TemporaryDirectory(prefix="c360_matching_") as spill:
        config: dict[str, Any] = {"memory_limit": MEMORY_LIMIT, "temp_directory": spill}
        with duckdb.connect(config=config) as database:
            yield database


def arrays(database: duckdb.DuckDBPyConnection, sql: str) -> dict[str, npt.NDArray[Any]]:
    """The columns of a query's result."""
    return {name: np.asarray(column) for name, column in database.execute(sql).fetchnumpy().items()}
