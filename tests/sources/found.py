"""What a reader finds in a file, before a type is looked at."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from c360.sources.contracts.contract import Table
from c360.sources.reading.readers import Reader
from c360.sources.reading.rows_as_text import Rows
from c360.sources.values.casting import raw_name


@dataclass
class Found:
    """What a reader left, slice by slice."""

    row_count: int = 0
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    """Line and values of every row, before a type is looked at."""
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, reason and text of every row that nobody can read."""
    unknown_columns: dict[str, int] = field(default_factory=dict)
    extra: list[str | None] = field(default_factory=list)
    slice_count: int = 0


def read_with(reader: Reader, engine: duckdb.DuckDBPyConnection, path: Path, table: Table) -> Found:
    """Read a file and keep its rows as the reader found them."""
    found = Found()
    for piece in reader(engine, path, table, path.with_name("slice"), keep_raw):  # type: ignore[call-arg]
        found.row_count += piece.row_count
        found.unknown_columns |= piece.unknown_columns
        found.slice_count += 1
        texts = ", ".join(raw_name(name) for name in table.columns)
        found.rows += engine.execute(
            f"select _line, {texts} from judged_rows where _reason is null order by _line"
        ).fetchall()
        found.extra += [row[0] for row in engine.execute("select _extra from judged_rows order by _line").fetchall()]
        found.refused += engine.execute("""
            select _line, _reason, _row from unreadable_rows
            union all select _line, _reason, _row from judged_rows where _reason is not null order by 1
        """).fetchall()
    return found


def keep_raw(engine: duckdb.DuckDBPyConnection, table: Table, rows: Rows) -> None:
    """Stand in for the judge: refuse what the reader says, and cast nothing."""
    cases = " ".join(f"when {condition} then '{reason}'" for condition, reason in rows.faults)
    reason = f"case {cases} end" if cases else "null::VARCHAR"
    lines = [f"{rows.line} as _line"] if rows.line else []
    columns = ", ".join([*(raw_name(name) for name in table.columns), *rows.also, *lines])
    engine.execute(f"""
        create or replace temp table slice_rows as
        select {columns}, {rows.extra} as _extra, {reason} as _reason, {rows.row} as _row from {rows.relation}
    """)
    if rows.line:
        engine.execute("create or replace temp view judged_rows as from slice_rows")
