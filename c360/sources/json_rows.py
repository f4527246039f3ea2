"""Rows of a JSON lines file, as text, with their line numbers."""

from pathlib import Path

import duckdb

from c360.sources.casting import literal
from c360.sources.contract import Table
from c360.sources.json_paths import json_path, top_key
from c360.sources.line_numbers import place_rows
from c360.sources.refusal import FileRefused, check_columns
from c360.sources.rows_as_text import (
    MAX_LINE_BYTES,
    Reading,
    compression,
    count,
    keep_lines,
    keep_unreadable,
    text_name,
)
from c360.sources.text_lines import count_lines

_NEVER_IN_JSON = "\x01\x02\x03"
"""JSON holds no raw control characters, so with this delimiter a line is one column."""


def read_json_lines(engine: duckdb.DuckDBPyConnection, path: Path, table: Table) -> Reading:
    """Leave the file's rows in `rows_as_text` and `unreadable_rows`, and say how many the file has.

    A column that a row does not have is empty. Blank lines are no rows.

    Raises:
        FileRefused: nothing of the file can be trusted.
    """
    lines = count_lines(path)
    _read_lines(engine, path)
    _extract_values(engine, table)
    row_count = count(engine, "json_rows")
    if row_count + count(engine, "unreadable_rows") != lines.filled_count:
        raise FileRefused("unreadable", "Its lines cannot be told apart.", "Ask for one JSON object on each line.")
    _keep_malformed(engine)
    _show_rows(engine, table)
    return Reading(lines.filled_count, "_row", _unknown_keys(engine, table))


def _read_lines(engine: duckdb.DuckDBPyConnection, path: Path) -> None:
    engine.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    engine.execute(f"""
        create or replace temp table raw_rows as
        from read_csv(
            {literal(str(path))}, auto_detect = false, header = false, columns = {{'_row': 'VARCHAR'}},
            delim = {literal(_NEVER_IN_JSON)}, quote = '', escape = '', strict_mode = false, parallel = false,
            compression = {compression(path)}, max_line_size = {MAX_LINE_BYTES},
            store_rejects = true, rejects_limit = 0, rejects_line_size_limit = {MAX_LINE_BYTES}
        )
    """)
    refused = keep_unreadable(engine)
    keep_lines(engine, place_rows(count(engine, "raw_rows"), refused.tolist()))


def _extract_values(engine: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Parse each line once into `json_rows._values`, NULL where it is no JSON object."""
    paths = ", ".join(literal(json_path(column.source_name or name)) for name, column in table.columns.items())
    engine.execute(f"""
        create or replace temp table json_rows as
        select _line, _row,
            case when json_valid(_row) and json_type(_row) = 'OBJECT' then json_extract_string(_row, [{paths}]) end
                as _values
        from raw_rows positional join row_lines
        where _row is not null
    """)


def _keep_malformed(engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute("""
        insert into unreadable_rows by name
        select _line, 'malformed_json' as _reason, _row from json_rows where _values is null
    """)


def _show_rows(engine: duckdb.DuckDBPyConnection, table: Table) -> None:
    values = ", ".join(
        f"nullif(_values[{number}], '') as {text_name(name)}" for number, name in enumerate(table.columns, start=1)
    )
    engine.execute(f"""
        create or replace temp view rows_as_text as
        select _line, _row, {values} from json_rows where _values is not null
    """)


def _unknown_keys(engine: duckdb.DuckDBPyConnection, table: Table) -> dict[str, int]:
    """In how many rows a key stands that the contract does not know.

    Raises:
        FileRefused: such a key is in every row, or no key of the contract is in any.
    """
    counts = dict(
        engine.execute("""
            with shapes as (select json_keys(_row) as keys, count(*) as row_count from rows_as_text group by keys)
            select key, sum(row_count)::BIGINT
            from (select unnest(list_distinct(keys)) as key, row_count from shapes)
            group by key order by key
        """).fetchall()
    )
    row_count = count(engine, "rows_as_text")
    promised = {top_key(column.source_name or name) for name, column in table.columns.items()}
    unknown = {key: rows for key, rows in counts.items() if key not in promised}
    if row_count:
        in_every_row = [key for key, rows in unknown.items() if rows == row_count]
        check_columns(promised, in_every_row + (list(promised) if promised & set(counts) else []))
    return unknown
