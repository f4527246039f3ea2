"""Refused rows as they lie in quarantine: which columns they have there, and how many there are for what reason."""

from collections.abc import Iterable
from pathlib import Path

import duckdb

from c360.core.sql import literal
from c360.sources.lake.accounts import QuarantinedRows

SHOWN_LINES = 5
"""How many lines are named as examples for each reason of refusal."""

REFUSED_COLUMNS = {
    "source_name": "VARCHAR",
    "table_name": "VARCHAR",
    "file_digest": "VARCHAR",
    "run_id": "VARCHAR",
    "line": "BIGINT",
    "reason": "VARCHAR",
    "row_as_text": "VARCHAR",
    "is_readable": "BOOLEAN",
}
"""`row_as_text` is the row as it came; `is_readable` says that another contract may find it sound."""


def refused_rows(paths: Iterable[Path]) -> str:
    """SQL for the refused rows in these files, which hold raw personal data in `row_as_text`."""
    nothing = ", ".join(f"null::{sql_type} as {name}" for name, sql_type in REFUSED_COLUMNS.items())
    relation = f"select {nothing} where false"
    if files := ", ".join(literal(str(path)) for path in paths):
        relation += f" union all by name from read_parquet([{files}], union_by_name = true)"
    return relation


def count_by_reason(engine: duckdb.DuckDBPyConnection, path: Path) -> dict[str, QuarantinedRows]:
    """How many rows of one file are refused for each reason, and the first lines where they stand."""
    found = engine.execute(
        f"""
        select reason, count(*), list(line order by line)[:{SHOWN_LINES}]
        from ({refused_rows([path])}) group by reason order by reason
        """
    ).fetchall()
    return {reason: QuarantinedRows(count=rows, lines=lines) for reason, rows, lines in found}
