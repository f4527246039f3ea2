"""The warehouse: one DuckDB file that only the pipeline opens, and the tables Python writes into it.

Errors of the engine quote the row they failed on, so they are re-raised here without it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from c360.core.errors import C360Error, WarehouseLocked
from c360.core.settings import Settings

if TYPE_CHECKING:
    # A second of start-up that only who asks for a frame should pay.
    import pandas as pd

PIPELINE_SCHEMA = "pipeline"
"""The schema of every table that Python writes; dbt declares them in `models/_pipeline__sources.yml`."""


class Warehouse:
    """An open connection to the working file. Use `open_warehouse`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: list[Any] | None = None) -> None:
        """Run a statement whose rows nobody wants."""
        self._run(sql, parameters)

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query, for small answers."""
        return self._run(sql, parameters).fetchall()

    def frame(self, sql: str, parameters: list[Any] | None = None) -> "pd.DataFrame":
        """The rows of a query as a data frame."""
        return self._run(sql, parameters).df()

    def arrow(self, sql: str, parameters: list[Any] | None = None) -> pa.Table:
        """The rows of a query as an Arrow table."""
        with _without_quoted_rows(sql):
            return self._connection.sql(sql, params=parameters or []).to_arrow_table()

    def has_table(self, schema: str, table: str) -> bool:
        """Whether a table or view exists."""
        found = self.rows(
            "select 1 from information_schema.tables where table_schema = ? and table_name = ?", [schema, table]
        )
        return bool(found)

    def write(self, table: str, rows: pa.Table) -> None:
        """Replace `pipeline.<table>` with `rows` in one transaction."""
        self._connection.register("incoming_rows", rows)
        with self._transaction():
            self.execute(f"create schema if not exists {PIPELINE_SCHEMA}")
            self.execute(f"create or replace table {PIPELINE_SCHEMA}.{table} as select * from incoming_rows")
        self._connection.unregister("incoming_rows")

    def replace_rows(self, table: str, rows: pa.Table, key: dict[str, Any]) -> None:
        """Replace the rows of `pipeline.<table>` whose columns equal `key` with `rows`, in one transaction.

        The table is made with the columns of `rows` when it is not there yet.
        """
        self._connection.register("incoming_rows", rows)
        condition = " and ".join(f"{column} = ?" for column in key)
        with self._transaction():
            self.execute(f"create schema if not exists {PIPELINE_SCHEMA}")
            self.execute(f"create table if not exists {PIPELINE_SCHEMA}.{table} as select * from incoming_rows limit 0")
            self.execute(f"delete from {PIPELINE_SCHEMA}.{table} where {condition}", list(key.values()))
            self.execute(f"insert into {PIPELINE_SCHEMA}.{table} by name select * from incoming_rows")
        self._connection.unregister("incoming_rows")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.begin()
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()

    def _run(self, sql: str, parameters: list[Any] | None) -> duckdb.DuckDBPyConnection:
        with _without_quoted_rows(sql):
            return self._connection.execute(sql, parameters or [])


@contextmanager
def _without_quoted_rows(sql: str) -> Iterator[None]:
    try:
        yield
    except (duckdb.ConversionException, duckdb.ConstraintException, duckdb.InvalidInputException) as error:
        raise C360Error(
            f"The warehouse refused a value ({type(error).__name__}) while running: {_first_words(sql)}. The "
            "engine's message is withheld because it quotes the row."
        ) from None


@contextmanager
def open_warehouse(settings: Settings) -> Iterator[Warehouse]:
    """Open the working file for one step and close it after.

    Raises:
        WarehouseLocked: another process holds the file.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(str(settings.warehouse_path), config=engine_config(settings))
    except duckdb.IOException as error:
        if "lock" not in str(error).lower():
            raise
        raise warehouse_locked(settings) from None
    try:
        connection.execute("set timezone = 'UTC'; set enable_progress_bar = false")
        yield Warehouse(connection)
    finally:
        connection.close()


def warehouse_locked(settings: Settings) -> WarehouseLocked:
    """The error that says who holds the working file and what to do."""
    return WarehouseLocked(
        f"Another process holds {settings.warehouse_path}. Wait for that run to end, or stop it, then run again. "
        f"Readers use {settings.published_path} instead."
    )


def engine_config(settings: Settings) -> dict[str, Any]:
    """How DuckDB is opened everywhere: bounded, in UTC, and without downloading extensions."""
    return {
        "threads": settings.warehouse_threads,
        "memory_limit": settings.warehouse_memory_limit,
        "autoinstall_known_extensions": False,
    }


def _first_words(sql: str) -> str:
    return " ".join(sql.split()[:8])
