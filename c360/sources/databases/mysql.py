"""MySQL and MariaDB, through PyMySQL: rows come one batch at a time from the server."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pyarrow as pa
import pymysql
from pymysql.cursors import SSCursor

from c360.core.errors import ConfigurationError
from c360.sources.databases.database import CursorKind, Database, DatabaseColumn, Failure, explained, variable_of

BATCH_ROWS = 20_000
SILENT_SECONDS = 3600
"""A server that sends nothing for so long is taken to be gone."""

_CURSOR_KINDS: dict[str, CursorKind] = {
    "tinyint": "integer",
    "smallint": "integer",
    "mediumint": "integer",
    "int": "integer",
    "bigint": "integer",
    "date": "date",
    "datetime": "timestamp",
    "timestamp": "timestamp",
}
_BINARY_TYPES = ("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob")
# https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
_FAILURES: dict[int, Failure] = {
    1044: "refused",
    1045: "refused",
    1049: "refused",
    1142: "refused",
    1143: "refused",
    1698: "refused",
    1054: "gone",
    1146: "gone",
}
_TLS_FILES = ("ssl_ca", "ssl_cert", "ssl_key")
_TLS_SWITCHES = ("ssl_verify_cert", "ssl_verify_identity")


class MySQL:
    """An open connection. Use `open_mysql`."""

    def __init__(self, connection: "pymysql.Connection[SSCursor]", name: str) -> None:
        self._connection = connection
        self._name = name

    def columns(self, table: str) -> list[DatabaseColumn]:
        """The columns of a table or view, in its order; none when there is no such table."""
        schema, _, table_name = table.rpartition(".")
        with self._executed(
            "select column_name, column_type, data_type from information_schema.columns "
            "where table_schema = coalesce(nullif(%s, ''), database()) and table_name = %s order by ordinal_position",
            [schema, table_name],
        ) as cursor:
            return [self._column(*row) for row in cursor.fetchall()]

    def quoted(self, name: str) -> str:
        """A table's name, with or without its schema, or a column's, as an identifier."""
        return ".".join("`" + part.replace("`", "``") + "`" for part in name.split("."))

    def batches(self, query: str) -> Iterator[pa.RecordBatch]:
        """The rows of a query of text columns as they come, within bounded memory."""
        with self._executed(query) as cursor:
            names = [described[0] for described in cursor.description or ()]
            while rows := cursor.fetchmany(BATCH_ROWS):
                values = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
                yield pa.record_batch(values, names)

    def _column(self, name: str, type_: str, type_name: str) -> DatabaseColumn:
        return DatabaseColumn(name, type_, _as_text(self.quoted(name), type_name.lower()), _CURSOR_KINDS.get(type_name))

    @contextmanager
    def _executed(self, query: str, parameters: list[str] | None = None) -> Iterator[SSCursor]:
        cursor = self._connection.cursor()
        try:
            cursor.execute(query, parameters)
            yield cursor
            cursor.close()
        except (pymysql.MySQLError, OSError) as error:
            code = _code_of(error)
            what = f"MySQL stopped reading from {self._name} (error {code})"
            raise explained(self._name, _FAILURES.get(code, "lost"), what) from None
        finally:
            _abandon(cursor)


@contextmanager
def open_mysql(url: str, name: str) -> Iterator[Database]:
    """Connect, for reading only, with the session's clock in UTC.

    TLS is set in the URL: `?ssl_ca=/etc/ca.pem&ssl_verify_identity=true`.

    Raises:
        ConfigurationError: the URL cannot be read, or the server refuses the user, the password or the database.
        ServiceMissing: the server cannot be reached.
    """
    arguments = _arguments(url, name)
    try:
        connection = pymysql.connect(
            **arguments,
            charset="utf8mb4",
            cursorclass=SSCursor,
            read_timeout=SILENT_SECONDS,
            init_command="set time_zone = '+00:00'",
        )
    except (pymysql.MySQLError, OSError) as error:
        code = _code_of(error)
        failure = _FAILURES.get(code, "lost")
        verb = "refuses" if failure == "refused" else "does not answer at"
        what = f"MySQL {verb} the connection {name} (error {code})"
        raise explained(name, failure, what) from None
    with closing(connection):
        database = MySQL(connection, name)
        with database._executed("set session transaction read only"):
            pass
        yield database


def _arguments(url: str, name: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        port = parts.port or 3306
    except ValueError:
        raise ConfigurationError(
            f"{variable_of(name)} is no URL. A character such as @, / or [ in a password is written in per cent code."
        ) from None
    options = dict(parse_qsl(parts.query))
    if unknown := sorted(options.keys() - {*_TLS_FILES, *_TLS_SWITCHES}):
        raise ConfigurationError(
            f"{variable_of(name)} has the option {unknown[0]!r}; c360 knows {', '.join(_TLS_FILES + _TLS_SWITCHES)}."
        )
    return {
        "host": parts.hostname or "localhost",
        "port": port,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": unquote(parts.path.removeprefix("/")) or None,
    } | {option: value if option in _TLS_FILES else value.lower() in ("1", "true") for option, value in options.items()}


def _code_of(error: Exception) -> int:
    code = error.args[0] if error.args else 0
    return code if isinstance(code, int) else 0


def _as_text(value: str, type_name: str) -> str:
    if type_name in _BINARY_TYPES:
        return f"hex({value})"
    if type_name == "bit":
        return f"cast({value} + 0 as char)"
    if type_name == "timestamp":
        return f"concat(cast({value} as char), '+00:00')"
    return f"cast({value} as char)"


def _abandon(cursor: SSCursor) -> None:
    """Keep a cursor that was not read to its end from waiting for the rest, of a server that may be gone."""
    if cursor.connection and cursor._result:
        cursor._result.unbuffered_active = False
    cursor.connection = None
