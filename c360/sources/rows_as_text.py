"""What every reader leaves behind in the engine: the rows of one file as text, and those nobody can read.

- view `rows_as_text`: `_line` and one VARCHAR per column of the contract, under `text_name(column)`
- table `unreadable_rows`: `_line`, `_reason`, `_row` (the row as it came)
"""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from c360.sources.casting import literal, quoted
from c360.sources.contract import Table
from c360.sources.line_numbers import Lines

MAX_LINE_BYTES = 4_000_000
"""A longer line is refused, so that one broken line cannot take the memory of the run."""

_REASONS = {
    "INVALID ENCODING": "bad_encoding",
    "LINE SIZE OVER MAXIMUM": "line_too_long",
    "UNQUOTED VALUE": "malformed_quotes",
    "MISSING COLUMNS": "ragged_line",
    "TOO MANY COLUMNS": "ragged_line",
}
"""The engine's words for a refused line and ours, the more telling first."""


@dataclass(frozen=True)
class Reading:
    """What a reader says of a file, counted apart from the rows it left."""

    row_count: int
    row: str
    """SQL over `rows_as_text` for a whole row as it goes to quarantine."""
    unknown_columns: dict[str, int] = field(default_factory=dict)
    """In how many rows a column turned up that the contract does not know, where rows may differ in columns."""


def text_name(column: str) -> str:
    """The name, as an SQL identifier, of a column before its type is looked at."""
    return quoted(f"text of {column}")


def row_as_json(table: Table) -> str:
    """The SQL that gives a row's text values as one JSON object."""
    values = ", ".join(f"{quoted(name)} := {text_name(name)}" for name in table.columns)
    return f"to_json(struct_pack({values}))::VARCHAR"


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


def keep_lines(engine: duckdb.DuckDBPyConnection, lines: Lines) -> None:
    """Write `row_lines`, the `_line` of each row of `raw_rows`, in their order."""
    engine.register("incoming_lines", pa.table({"_line": lines}))
    engine.execute("create or replace temp table row_lines as from incoming_lines")
    engine.unregister("incoming_lines")


def compression(path: Path) -> str:
    """How the engine is told that a file is compressed."""
    return "'gzip'" if path.suffix == ".gz" else "'none'"


def count(engine: duckdb.DuckDBPyConnection, relation: str) -> int:
    """How many rows a relation has."""
    return int(engine.execute(f"select count(*) from {relation}").fetchall()[0][0])
