"""Rows of a Parquet file, as they are or as text; the line of a row is its number in the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from c360.core.sql import literal, quoted
from c360.sources.contracts.contract import Table
from c360.sources.reading.caps import MAX_LINE_BYTES
from c360.sources.reading.judge import judge_rows
from c360.sources.reading.refusal import FileRefused, match_columns
from c360.sources.reading.rows_as_text import (
    Judge,
    Rows,
    Slice,
    keep_none_unreadable,
    number_in_order,
    row_as_json,
)
from c360.sources.values.casting import TEXT, is_nested, raw_name
from c360.sources.values.json_paths import is_json_path, path_of, top_key

SLICE_ROWS = 4 * 122_880  # whole row groups of the size that the engine writes
SLICE_BYTES = 128 << 20
"""A slice has at most so many rows, and about so many bytes before compression."""


def read_parquet(
    engine: duckdb.DuckDBPyConnection, path: Path, table: Table, _spill: Path, judge: Judge = judge_rows
) -> Iterator[Slice]:
    """Leave the file's rows in the engine, slice by slice.

    Columns whose type is already the contract's are taken as they are, the others through text.

    Raises:
        FileRefused: nothing of the file can be trusted.
    """
    file = _look_at(engine, path)
    found = _find_columns(engine, file, table)
    keep_none_unreadable(engine)
    for first in range(0, max(file.row_count, 1), file.rows_a_slice):
        row_count = min(file.rows_a_slice, file.row_count - first)
        rows = _rows(file, found, table, first)
        judge(engine, table, rows)
        if rows.line is None:
            number_in_order(engine, first + 1)
        unknown = dict.fromkeys(found.unknown, row_count) if row_count else {}
        yield Slice(row_count, unknown, tuple(found.missing))


@dataclass(frozen=True)
class _File:
    relation: str
    types: dict[str, str]
    row_count: int
    rows_a_slice: int
    may_have_long_fields: bool
    """Whether a column takes, in one row group, more bytes than a field may have."""


@dataclass(frozen=True)
class _Found:
    values: dict[str, str]
    """SQL over the file for each column of the contract that is there."""
    types: dict[str, str]
    unknown: list[str]
    missing: list[str]


def _look_at(engine: duckdb.DuckDBPyConnection, path: Path) -> _File:
    if not path.stat().st_size:
        raise FileRefused("empty", "It is empty.", "Ask for the export again; a day without rows has a schema.")
    relation = f"read_parquet({literal(str(path))}, file_row_number = true, binary_as_string = true)"
    try:
        described = engine.execute(f"describe select * exclude (file_row_number) from {relation}").fetchall()
        ((row_count, byte_count, greatest),) = engine.execute(
            """
            select (select any_value(num_rows) from parquet_file_metadata($1)), sum(total_uncompressed_size),
                max(total_uncompressed_size)
            from parquet_metadata($1)
            """,
            [str(path)],
        ).fetchall()
    except duckdb.Error:
        raise FileRefused("unreadable", "It is not a whole Parquet file.", "Transfer it again.") from None
    fitting = int(row_count * SLICE_BYTES / byte_count) if byte_count else SLICE_ROWS
    types = {name: sql_type for name, sql_type, *_ in described}
    rows_a_slice = max(1, min(SLICE_ROWS, fitting))
    return _File(relation, types, int(row_count), rows_a_slice, (greatest or 0) > MAX_LINE_BYTES)


def _find_columns(engine: duckdb.DuckDBPyConnection, file: _File, table: Table) -> _Found:
    written = {name: column.source_name or name for name, column in table.columns.items()}
    values = {name: path_of(place).of_struct() for name, place in written.items()}
    types = {name: sql_type for name, value in values.items() if (sql_type := _type_of(engine, file, value))}
    # To the policy for drift, a path that leads nowhere is a column that is not there.
    promised = {top_key(place) for place in written.values()}
    there = [written[name] for name in types if is_json_path(written[name])]
    columns = match_columns(
        table, [name for name in file.types if name not in promised or name in written.values()] + there
    )
    return _Found({name: values[name] for name in types}, types, columns.unknown, columns.missing)


def _type_of(engine: duckdb.DuckDBPyConnection, file: _File, value: str) -> str | None:
    try:
        described = engine.execute(f"describe select {value} from {file.relation}").fetchall()
    except duckdb.BinderException:
        return None
    return str(described[0][1])


def _rows(file: _File, found: _Found, table: Table, first: int) -> Rows:
    raw = {name: _raw(value, found.types[name]) for name, value in found.values.items()}
    raw |= dict.fromkeys(found.missing, "null::VARCHAR")
    texts = [name for name in found.types if found.types[name] == TEXT] if file.may_have_long_fields else []
    unknown = ", ".join(f"{quoted(name)} := {quoted(name)}" for name in found.unknown)
    keeps_extra = unknown and table.drift == "evolve"
    extra = f"to_json(struct_pack({unknown}))::VARCHAR" if keeps_extra else "null::VARCHAR"
    return Rows(
        f"""(
            select {", ".join(f"{value} as {raw_name(name)}" for name, value in raw.items())}, {extra} as _extra,
                file_row_number + 1 as _line
            from {file.relation}
            where file_row_number >= {first} and file_row_number < {first + file.rows_a_slice}
        )""",
        row_as_json(
            table,
            list(raw),
            [name for name, sql_type in found.types.items() if is_nested(sql_type)],
            extra="_extra" if keeps_extra else None,
        ),
        given=found.types,
        faults=[(f"strlen({raw_name(name)}) > {MAX_LINE_BYTES}", f"field_too_long:{name}") for name in texts],
        extra="_extra",
        line=None if table.identifiers or any(map(is_nested, found.types.values())) else "_line",
    )


def _raw(value: str, sql_type: str) -> str:
    return f"nullif({value}, '')" if sql_type == TEXT else value
