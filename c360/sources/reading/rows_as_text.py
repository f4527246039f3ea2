"""What a reader tells the engine of one slice of a file, and what the engine leaves of it.

A file is taken in slice by slice, so that memory does not grow with it. A reader says where the slice's rows are and
has them judged; then it gives them their line numbers and yields a `Slice`. At that moment the engine holds

- view `judged_rows`: `_line`, the columns of the lake, `_reason` (NULL of a sound row), `_row`, `_hash`
- view `marked_rows`: of the same rows `_line`, `_reason`, `_row` and `_hash`, for who does not need their values
- table `unreadable_rows`: `_line`, `_reason`, `_row` (the row as it came) of the rows that are not even text
"""

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from c360.core.sql import literal
from c360.sources.contracts.contract import Table
from c360.sources.reading.caps import MAX_LINE_BYTES
from c360.sources.reading.line_numbers import Lines
from c360.sources.values.casting import raw_name

MALFORMED_JSON = "malformed_json"
"""The reason of a row whose values cannot be told apart."""
NUL_CHARACTER = "nul_character"
"""The reason of a row that no contract makes sound: only its text format shows what is wrong with it."""
_REASONS = {
    "INVALID ENCODING": "bad_encoding",
    "LINE SIZE OVER MAXIMUM": "line_too_long",
    "UNQUOTED VALUE": "malformed_quotes",
    "MISSING COLUMNS": "ragged_line",
    "TOO MANY COLUMNS": "ragged_line",
}
"""The engine's words for a refused line and ours, the more telling first."""


@dataclass(frozen=True)
class Rows:
    """The rows of a slice, before anybody looked at a type."""

    relation: str
    """SQL for a subquery with a column `raw_name(name)` for each column of the contract."""
    row: str
    """SQL over it for a whole row as it goes to quarantine."""
    given: dict[str, str] = field(default_factory=dict)
    """The engine's type of each column that is not text."""
    faults: list[tuple[str, str]] = field(default_factory=list)
    """Conditions over it under which a row is refused before its values are looked at, with the reason."""
    extra: str = "null::VARCHAR"
    """SQL over it for the columns that the contract does not know, as one JSON object."""
    also: tuple[str, ...] = ()
    """Columns of it to keep beside the judged ones, until the rows are numbered."""
    line: str | None = None
    """SQL over it for a row's line, where reading rows twice costs less than keeping them. They are numbered by it."""


@dataclass(frozen=True)
class Slice:
    """What a reader says of a slice, counted apart from the rows it left."""

    row_count: int
    unknown_columns: dict[str, int] = field(default_factory=dict)
    """In how many rows a column turned up that the contract does not know."""
    missing_columns: tuple[str, ...] = ()
    """Columns the contract promises and the file does not have."""


Judge = Callable[[duckdb.DuckDBPyConnection, Table, Rows], None]
"""Writes `slice_rows`: one row per row of the slice, in its order. Rows with a `line` it shows as `judged_rows`."""


def row_as_json(table: Table, names: list[str], nested: Container[str] = (), extra: str | None = None) -> str:
    """The SQL that gives a row's values as one JSON object of texts; the text of a `nested` one is JSON itself.

    The values stand under the names they have in the file, so that a contract which calls them differently finds them.

    Args:
        table: The contract.
        names: The columns of the contract that the file has.
        nested: Those of them that hold structures.
        extra: SQL for the columns that the contract does not know, when they are kept: under `_extra`.
    """
    texts = [f"{f'to_json({raw_name(name)})' if name in nested else raw_name(name)}::VARCHAR" for name in names]
    values = {table.columns[name].source_name or name: text for name, text in zip(names, texts, strict=True)}
    return json_of(values | ({"_extra": f"({extra})::JSON"} if extra else {}))


def json_of(values: dict[str, str]) -> str:
    """The SQL that gives one JSON object of these SQL expressions. Names may differ in their case alone."""
    pairs = ", ".join(f"{literal(name)}, {value}" for name, value in values.items())
    return f"json_object({pairs})::VARCHAR"


def reading_options(path: Path) -> str:
    """How the engine reads a text file whose lines it may refuse one by one."""
    return (
        f"{literal(str(path))}, auto_detect = false, compression = 'none', max_line_size = {MAX_LINE_BYTES}, "
        f"store_rejects = true, rejects_limit = 0, rejects_line_size_limit = {MAX_LINE_BYTES}"
    )


def forget_rejects(engine: duckdb.DuckDBPyConnection) -> None:
    """Remove what the CSV reader refused before."""
    engine.execute("drop table if exists reject_errors; drop table if exists reject_scans")


def keep_unreadable(engine: duckdb.DuckDBPyConnection) -> Lines:
    """Turn the CSV reader's `reject_errors` into `unreadable_rows`, one a line, and give their ordinals.

    `_ordinal` is the reader's own count: header and blank lines included, line breaks inside fields not.
    """
    errors = ", ".join(literal(error) for error in _REASONS)
    reasons = ", ".join(literal(reason) for reason in _REASONS.values())
    engine.execute(f"""
        create or replace temp table unreadable_rows as
        select line::BIGINT as _ordinal, line::BIGINT as _line, trim(csv_line, chr(10) || chr(13)) as _row,
            coalesce([{reasons}][list_position([{errors}], error_type::VARCHAR)], 'unreadable_line') as _reason
        from reject_errors
        qualify row_number() over (
            partition by line order by list_position([{errors}], error_type::VARCHAR) nulls last
        ) = 1
        order by line
    """)
    found = engine.execute("select _ordinal from unreadable_rows order by _ordinal").fetchnumpy()
    return np.asarray(found["_ordinal"], np.int64)


def keep_none_unreadable(engine: duckdb.DuckDBPyConnection) -> None:
    """Leave an empty `unreadable_rows`."""
    engine.execute("create or replace temp table unreadable_rows (_line BIGINT, _reason VARCHAR, _row VARCHAR)")


def number_in_order(engine: duckdb.DuckDBPyConnection, first_line: int) -> None:
    """Define `judged_rows` when each row of `slice_rows` stands one line below the one before."""
    engine.execute(f"""
        create or replace temp view judged_rows as select {first_line} + rowid as _line, slice_rows.* from slice_rows
    """)
    _mark_by_judged(engine)


def number_by(engine: duckdb.DuckDBPyConnection, lines: Lines) -> None:
    """Define `judged_rows` when the rows of `slice_rows` stand on `lines`."""
    engine.register("incoming_lines", pa.table({"_line": lines}))
    engine.execute("create or replace temp table row_lines as from incoming_lines")
    engine.unregister("incoming_lines")
    engine.execute("""
        create or replace temp view judged_rows as
        select _line, slice_rows.* from slice_rows positional join row_lines
    """)
    _mark_by_judged(engine)


def _mark_by_judged(engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute("create or replace temp view marked_rows as from judged_rows")


def count(engine: duckdb.DuckDBPyConnection, relation: str) -> int:
    """How many rows a relation has."""
    return int(engine.execute(f"select count(*) from {relation}").fetchall()[0][0])
