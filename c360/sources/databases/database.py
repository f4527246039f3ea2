"""A database to read tables from: what every driver offers, and how its failures are told without their messages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import pyarrow as pa

from c360.core.errors import C360Error, ConfigurationError, ContractError, ServiceMissing

CursorKind = Literal["integer", "date", "timestamp"]
Failure = Literal["refused", "gone", "lost"]

_ERRORS: dict[Failure, type[C360Error]] = {
    "refused": ConfigurationError,
    "gone": ContractError,
    "lost": ServiceMissing,
}
_REMEDIES: dict[Failure, str] = {
    "refused": "Check user, password, database and rights in {variable}.",
    "gone": "Correct the contract's `database`, or bring the table back.",
    "lost": "Nothing was landed from it. See whether the server is up and {variable} points to it, and run again.",
}


@dataclass(frozen=True)
class DatabaseColumn:
    """A column as the database knows it."""

    name: str
    type: str
    """As the database writes it: `numeric(12,2)`, `timestamp with time zone`."""
    text: str
    """The SQL that gives the value as exact text, moments in UTC."""
    cursor_kind: CursorKind | None
    """How its values are compared when it is a cursor; None of a type that cannot be one."""


class Database(Protocol):
    """An open connection that only reads."""

    def columns(self, table: str) -> list[DatabaseColumn]:
        """The columns of a table or view, in its order; none when there is no such table."""

    def quoted(self, name: str) -> str:
        """A table's name, with or without its schema, or a column's, as an identifier."""

    def batches(self, query: str) -> Iterator[pa.RecordBatch]:
        """The rows of a query of text columns as they come, within bounded memory."""


def variable_of(name: str) -> str:
    """The environment variable of a connection."""
    return f"C360_CONNECTION_{name.upper()}"


def explained(name: str, failure: Failure, what: str) -> C360Error:
    """The error that says what befell a connection. A driver's own message may quote a row or a password."""
    return _ERRORS[failure](f"{what}. {_REMEDIES[failure].format(variable=variable_of(name))}")
