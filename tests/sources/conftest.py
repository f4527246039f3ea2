"""A small table to read files of, and an engine to read them with."""

from collections.abc import Iterator

import duckdb
import pytest

from c360.sources.contracts.contract import Table


def make_table(**changes: object) -> Table:
    """A table of three columns, changed where a test needs it."""
    return Table.model_validate(
        {
            "description": "One row per line.",
            "files": "lines_*",
            "format": "csv",
            "key": ["id"],
            "columns": {
                "id": {"type": "string", "required": True},
                "name": {"type": "string"},
                "amount": {"type": "decimal"},
            },
        }
        | changes
    )


@pytest.fixture
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in memory."""
    with duckdb.connect(config={"threads": 2}) as connection:
        yield connection


@pytest.fixture
def table() -> Table:
    """The table of three columns."""
    return make_table()
