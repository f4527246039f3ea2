"""New rows of database tables, landed as files: `landing/<source>/<connection>.<table>_<as_of>_<number>.parquet`.

A file is there whole or not at all, and says how far the cursor has been read, so nothing else has to be remembered:
what landed last is where the next reading begins. Every column is exact text as the database writes it; the contract
casts it later, like any file's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from c360.core.errors import ContractError
from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.sql import literal, quoted
from c360.sources.contracts.contract import DatabaseTable, SourceTable
from c360.sources.databases.connection import open_database
from c360.sources.databases.database import CursorKind, Database, DatabaseColumn
from c360.sources.private_folder import passing_folder

_READS = b"c360.reads"
"""Which table and cursor a landed file was read from."""
_READ_TO = b"c360.read_to"
"""The greatest cursor value that is known to be read; empty when no row had one."""
_CURSOR_VALUES: dict[CursorKind, str] = {
    "integer": "try_cast({text} as HUGEINT)",
    "date": "try_cast({text} as DATE)",
    "timestamp": "timezone('UTC', try_cast({text} as TIMESTAMPTZ))",
}
AHEAD = timedelta(days=1)
"""A cursor value further than this after the run's day is read, but does not move the reading on."""
_STEPS: dict[CursorKind, str] = {"integer": "{steps}", "date": "{steps}", "timestamp": "interval {steps} second"}


def land_new_rows(engine: duckdb.DuckDBPyConnection, run: RunContext, tables: list[SourceTable]) -> list[Path]:
    """Land the new rows of every table that lies in a database, and give the files; none where nothing is new.

    Args:
        engine: An in-memory engine that nobody else uses, with its clock in UTC.
        run: Its `as_of` is the date in the names of the files.
        tables: All tables; those that come as files are left alone.

    Raises:
        ConfigurationError: a connection is not there, its driver is not installed, or the server refuses it.
        ContractError: a table or its cursor is gone, or the cursor is of a type that cannot be one.
        ServiceMissing: a server cannot be reached or stopped answering. Nothing was landed from that table.
    """
    landed = []
    # In landing, so that a whole file gets to its place by one rename.
    with passing_folder(run.settings.landing_dir / ".extract") as spill:
        for table in tables:
            if table.terms.database:
                path = TableExtract(engine, run, table, table.terms.database, spill).land()
                landed += [path] if path else []
    return landed


@dataclass
class Progress:
    """How far a reading has come, seen batch by batch.

    Args:
        engine: Where cursor values are compared.
        value: The SQL that gives a row's cursor value.
        text: The column of the cursor, as text.
        is_known: The SQL that says whether a `_value` may move the reading on.
        kind: How cursor values are compared.
        read_to: The greatest value known to be read, as text.
    """

    engine: duckdb.DuckDBPyConnection
    value: str
    text: str
    is_known: str
    kind: CursorKind
    read_to: str
    without_cursor: int = 0
    ahead: int = 0

    def see(self, batch: pa.RecordBatch) -> None:
        """Take the cursor values of a batch into account."""
        self.engine.register("read_rows", pa.Table.from_batches([batch]))
        earlier = _CURSOR_VALUES[self.kind].format(text=literal(self.read_to))
        [(read_to, without_cursor, ahead)] = self.engine.execute(f"""
            select greatest(max(_value) filter ({self.is_known}), {earlier})::VARCHAR,
                count(*) filter (_text is null), count(*) filter (_text is not null and ({self.is_known}) is not true)
            from (select {self.text} as _text, {self.value} as _value from read_rows)
        """).fetchall()
        self.engine.unregister("read_rows")
        self.read_to = read_to or ""
        self.without_cursor += without_cursor
        self.ahead += ahead

    def warn(self, table: str) -> None:
        """Say how many rows will be read again every time, and why."""
        for reason, rows in (
            ("no cursor value", self.without_cursor),
            ("a cursor value after the run's day", self.ahead),
        ):
            if rows:
                get_logger().warning("rows_read_every_time", table=table, rows=rows, reason=reason)


@dataclass(frozen=True)
class LandedExtract:
    """A file that an earlier run landed."""

    path: Path
    read_to: str


@dataclass(frozen=True)
class TableExtract:
    """One reading of one table.

    Args:
        engine: For comparing cursor values and rows.
        run: The run that reads.
        table: The table of the contract.
        origin: Where it lies.
        spill: A private folder for the file until it is whole.
    """

    engine: duckdb.DuckDBPyConnection
    run: RunContext
    table: SourceTable
    origin: DatabaseTable
    spill: Path

    def land(self) -> Path | None:
        """Read what is new and land it, or nothing when there is nothing."""
        earlier = self._newest_landed()
        with open_database(self.run.settings, self.origin.connection) as database:
            read = self._read(database, earlier)
        if earlier and not self._has_news(read, earlier):
            get_logger().info("nothing_new", table=str(self.table), connection=self.origin.connection)
            return None
        path = self._next_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        read.rename(path)
        row_count = pq.read_metadata(path).num_rows
        get_logger().info("landed_rows", file=f"{self.table.source_name}/{path.name}", rows=row_count)
        return path

    def _read(self, database: Database, earlier: LandedExtract | None) -> Path:
        columns = database.columns(self.origin.table)
        cursor, kind = self._cursor(columns)
        where = ""
        if earlier and earlier.read_to:
            begin, name = self._begin(earlier.read_to, kind), database.quoted(cursor.name)
            where = f" where {name} >= {begin} or {name} is null"
        values = ", ".join(f"{column.text} as {database.quoted(column.name)}" for column in columns)
        query = f"select {values} from {database.quoted(self.origin.table)}{where}"
        path, progress = self.spill / ".rows.parquet", self._progress(cursor, kind, earlier)
        with _parquet(path, columns) as writer:
            for batch in database.batches(query):
                progress.see(batch)
                writer.write_batch(batch.cast(writer.schema))
            writer.add_key_value_metadata({_READS: self._reads, _READ_TO: progress.read_to})
        progress.warn(str(self.table))
        return path

    def _cursor(self, columns: list[DatabaseColumn]) -> tuple[DatabaseColumn, CursorKind]:
        if not columns:
            raise ContractError(
                f"{self.table}: the connection {self.origin.connection} shows no table {self.origin.table}. It is "
                "gone, or the user may not see it. Correct the contract's `database`, or ask its owner "
                f"({self.table.owner})."
            )
        name = self._cursor_name
        found = [column for column in columns if column.name == name]
        if not found:
            raise ContractError(
                f"{self.table}: {self.origin.table} has no column {name}, the contract's cursor. Name another that "
                "grows with every insert and update."
            )
        if not (kind := found[0].cursor_kind):
            raise ContractError(
                f"{self.table}: the cursor {name} is of type {found[0].type}, whose order may not be that of time. "
                "Name a column that is a number, a date or a timestamp."
            )
        return found[0], kind

    def _begin(self, read_to: str, kind: CursorKind) -> str:
        """The SQL of the cursor value at which reading begins."""
        value = _CURSOR_VALUES[kind].format(text=literal(read_to))
        steps = _STEPS[kind].format(steps=self.origin.overlap)
        [(begin,)] = self.engine.execute(f"select ({value} - {steps})::VARCHAR").fetchall()
        return str(begin) if kind == "integer" else literal(begin)

    def _progress(self, cursor: DatabaseColumn, kind: CursorKind, earlier: LandedExtract | None) -> Progress:
        return Progress(
            self.engine,
            value=_CURSOR_VALUES[kind].format(text=quoted(cursor.name)),
            text=quoted(cursor.name),
            is_known=self._is_known(kind),
            read_to=earlier.read_to if earlier else "",
            kind=kind,
        )

    def _is_known(self, kind: CursorKind) -> str:
        """The SQL that says whether `_value` may move the reading on: one wrong 2999 must not hide all that follows."""
        if kind == "integer":
            return "true"
        last = self.run.as_of + AHEAD
        return f"_value between DATE '0001-01-01' and DATE {literal(str(last))}"

    def _has_news(self, read: Path, earlier: LandedExtract) -> bool:
        """Whether a row or a column was not in the file landed last, which holds all that is read again."""
        if pq.read_schema(read).names != pq.read_schema(earlier.path).names:
            return True
        new, cursor = f"read_parquet({literal(str(read))})", quoted(self._cursor_name)
        found = self.engine.execute(f"""
            from {new} except
            from read_parquet({literal(str(earlier.path))})
            where {cursor} is null or {cursor} in (select {cursor} from {new})
            limit 1
        """)
        return bool(found.fetchall())

    def _newest_landed(self) -> LandedExtract | None:
        paths = self._landed_paths()
        if not paths:
            return None
        known = pq.read_metadata(paths[-1]).metadata
        return LandedExtract(paths[-1], known[_READ_TO].decode()) if known.get(_READS) == self._reads.encode() else None

    def _next_path(self) -> Path:
        paths = self._landed_paths()
        number = _number(paths[-1]) + 1 if paths else 1
        return self._folder / f"{self.origin.file_stem}_{self.run.as_of}_{number:06}.parquet"

    def _landed_paths(self) -> list[Path]:
        return sorted(self._folder.glob(self.table.terms.files), key=_number)

    @property
    def _cursor_name(self) -> str:
        return self.table.terms.columns[self.origin.cursor].source_name or self.origin.cursor

    @property
    def _folder(self) -> Path:
        return self.run.settings.landing_dir / self.table.source_name

    @property
    def _reads(self) -> str:
        return f"{self.origin.connection} {self.origin.table} {self.origin.cursor}"


@contextmanager
def _parquet(path: Path, columns: list[DatabaseColumn]) -> Iterator[pq.ParquetWriter]:
    fields = [pa.field(column.name, pa.string(), metadata={"database_type": column.type}) for column in columns]
    with pq.ParquetWriter(path, pa.schema(fields), compression="zstd") as writer:
        yield writer


def _number(path: Path) -> int:
    return int(path.stem.rpartition("_")[2])
