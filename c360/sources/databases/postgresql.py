"""PostgreSQL, through ADBC: rows come as Arrow batches of its binary copy stream."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from adbc_driver_postgresql import dbapi

from c360.core.sql import literal, quoted
from c360.sources.databases.database import CursorKind, Database, DatabaseColumn, Failure, explained

CONNECT_TIMEOUT_SECONDS = 10

_CURSOR_KINDS: dict[str, CursorKind] = {
    "int2": "integer",
    "int4": "integer",
    "int8": "integer",
    "date": "date",
    "timestamp": "timestamp",
    "timestamptz": "timestamp",
}
_NESTED = ("A", "C")
"""Type categories whose own text is no JSON: arrays and rows."""
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_FAILURES: dict[str, Failure] = {
    "28000": "refused",
    "28P01": "refused",
    "3D000": "refused",
    "42501": "refused",
    "3F000": "gone",
    "42P01": "gone",
    "42703": "gone",
}
# While it connects, the client library gives no SQLSTATE.
_REFUSED_AT_THE_DOOR = ("authentication failed", "no password supplied", "no pg_hba.conf entry", "does not exist")


class PostgreSQL:
    """An open connection. Use `open_postgresql`."""

    def __init__(self, connection: dbapi.Connection, name: str) -> None:
        self._connection = connection
        self._name = name

    def columns(self, table: str) -> list[DatabaseColumn]:
        """The columns of a table or view, in its order; none when there is no such table."""
        with self._executed(f"""
            select attname::text, format_type(atttypid, atttypmod), typname::text, typcategory::text
            from pg_catalog.pg_attribute join pg_catalog.pg_type on pg_type.oid = atttypid
            where attrelid = to_regclass({literal(self.quoted(table))}) and attnum > 0 and not attisdropped
            order by attnum
        """) as cursor:
            return [_column(*row) for row in cursor.fetchall()]

    def quoted(self, name: str) -> str:
        """A table's name, with or without its schema, or a column's, as an identifier."""
        return ".".join(quoted(part) for part in name.split("."))

    def batches(self, query: str) -> Iterator[pa.RecordBatch]:
        """The rows of a query of text columns as they come, within bounded memory."""
        with self._executed(query) as cursor:
            yield from cursor.fetch_record_batch()

    @contextmanager
    def _executed(self, query: str) -> Iterator[dbapi.Cursor]:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(query)
                yield cursor
        except (dbapi.Error, pa.ArrowException, OSError) as error:
            state = getattr(error, "sqlstate", None) or "none"
            what = f"PostgreSQL stopped reading from {self._name} (SQLSTATE {state})"
            raise explained(self._name, _FAILURES.get(state, "lost"), what) from None


@contextmanager
def open_postgresql(url: str, name: str) -> Iterator[Database]:
    """Connect, for reading only, with the session's clock in UTC.

    The client library reads TLS and other settings from the URL: `?sslmode=verify-full&sslrootcert=…`.

    Raises:
        ConfigurationError: the server refuses the user, the password or the database.
        ServiceMissing: the server cannot be reached.
    """
    try:
        connection = dbapi.connect(_with_timeout(url))
    except dbapi.Error as error:
        is_refused = any(words in str(error) for words in _REFUSED_AT_THE_DOOR)
        what = f"PostgreSQL {'refuses' if is_refused else 'does not answer at'} the connection {name}"
        raise explained(name, "refused" if is_refused else "lost", what) from None
    with connection:
        database = PostgreSQL(connection, name)
        for setting in ("transaction read only", "local time zone 'UTC'", "local datestyle to 'ISO'"):
            with database._executed(f"set {setting}"):
                pass
        yield database


def _with_timeout(url: str) -> str:
    if "connect_timeout=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}connect_timeout={CONNECT_TIMEOUT_SECONDS}"


def _column(name: str, type_: str, type_name: str, category: str) -> DatabaseColumn:
    value: Any = quoted(name)
    text = f"to_json({value})::text" if category in _NESTED else f"{value}::text"
    return DatabaseColumn(name, type_, text, _CURSOR_KINDS.get(type_name))
