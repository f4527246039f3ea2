"""Rows of a CSV file, as text, with their line numbers, and proof that no line was left out."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from c360.sources.casting import literal
from c360.sources.contract import Table
from c360.sources.line_numbers import Lines, move_down, place_rows
from c360.sources.refusal import FileRefused, check_columns
from c360.sources.rows_as_text import (
    MAX_LINE_BYTES,
    Reading,
    compression,
    count,
    keep_lines,
    keep_unreadable,
    row_as_json,
    text_name,
)
from c360.sources.text_lines import LineCount, blank_lines, count_lines, open_bytes


def read_csv(engine: duckdb.DuckDBPyConnection, path: Path, table: Table) -> Reading:
    """Leave the file's rows in `rows_as_text` and `unreadable_rows`, and say how many the file has.

    Columns are found by their names, in whatever order they stand. Empty values beyond the last column are let pass.

    Raises:
        FileRefused: nothing of the file can be trusted.
    """
    lines = count_lines(path)
    header = _read_header(path, table)
    _read_rows(engine, path, table, header)
    row_count, refused = count(engine, "raw_rows"), keep_unreadable(engine)
    if lines.line_count == header.line_count + row_count:
        keep_lines(engine, np.arange(header.line_count + 1, lines.line_count + 1, dtype=np.int64))
    else:
        _number_rows(engine, path, header, lines, refused)
    engine.execute("""
        create or replace temp view rows_as_text as
        select _line, raw_rows.* from raw_rows positional join row_lines
    """)
    return Reading(row_count + len(refused), row_as_json(table))


@dataclass(frozen=True)
class _Header:
    columns: list[str]
    """The contract's names of the columns, in the file's order."""
    line_count: int

    @property
    def blank_lines_are_rows(self) -> bool:
        """In a file of one column a blank line is a row whose value is missing."""
        return len(self.columns) == 1


def _read_header(path: Path, table: Table) -> _Header:
    own_names = {column.source_name or name: name for name, column in table.columns.items()}
    with open_bytes(path) as stream:
        text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
        reader = csv.reader(text, delimiter=table.delimiter)
        try:
            names = next(reader)
        except csv.Error:
            names = []
    if any("\udc80" <= letter <= "\udcff" for name in names for letter in name):
        raise FileRefused("bad_encoding", "Its first line is not UTF-8.", "Ask for the export in UTF-8.", line=1)
    check_columns(own_names, names)
    return _Header([own_names[name] for name in names], reader.line_num)


def _read_rows(engine: duckdb.DuckDBPyConnection, path: Path, table: Table, header: _Header) -> None:
    columns = ", ".join(f"{text_name(name)}: 'VARCHAR'" for name in header.columns)
    engine.execute("drop table if exists reject_errors; drop table if exists reject_scans")
    try:
        # One thread: two that meet inside a quoted field could disagree about where it begins.
        engine.execute(f"""
            create or replace temp table raw_rows as
            from read_csv(
                {literal(str(path))}, auto_detect = false, header = true, columns = {{{columns}}},
                delim = {literal(table.delimiter)}, quote = '"', escape = '"', strict_mode = true, parallel = false,
                compression = {compression(path)}, max_line_size = {MAX_LINE_BYTES},
                store_rejects = true, rejects_limit = 0, rejects_line_size_limit = {MAX_LINE_BYTES}
            )
        """)
    except duckdb.InvalidInputException:
        raise FileRefused(
            "mixed_line_breaks",
            "Its lines end in different ways, or a carriage return stands inside a value without quotes.",
            "Ask for an export with one kind of line break.",
        ) from None


@dataclass(frozen=True)
class _Breaks:
    """Rows with line breaks inside: where they are, how many they have, and how many of those lines are blank."""

    places: Lines
    breaks: Lines
    blanks: Lines

    @property
    def filled_count(self) -> int:
        """The lines, beyond the first of each row, with anything in them."""
        return int((self.breaks - self.blanks).sum())


def _number_rows(
    engine: duckdb.DuckDBPyConnection, path: Path, header: _Header, lines: LineCount, refused: Lines
) -> None:
    """Write `row_lines` and `unreadable_rows._line`.

    Raises:
        FileRefused: lines of the file are in no row.
    """
    rows = _find_breaks(engine, "raw_rows", "rowid", [text_name(name) for name in header.columns], lines)
    unreadable = _find_breaks(engine, "unreadable_rows", "_ordinal", ["_row"], lines)
    row_count = count(engine, "raw_rows")
    accounted = header.line_count + row_count + len(refused) + rows.filled_count + unreadable.filled_count
    _check_nothing_left_out(accounted, lines.line_count if header.blank_lines_are_rows else lines.filled_count)
    blank = [] if header.blank_lines_are_rows else blank_lines(path)
    ordinals = place_rows(row_count, [1, *blank, *refused.tolist()])
    broken = np.concatenate(([1], unreadable.places, ordinals[rows.places]))
    breaks = np.concatenate(([header.line_count - 1], unreadable.breaks, rows.breaks))
    keep_lines(engine, move_down(ordinals, broken, breaks))
    _move_unreadable(engine, refused, move_down(refused, broken, breaks))


def _find_breaks(
    engine: duckdb.DuckDBPyConnection, relation: str, place: str, texts: list[str], lines: LineCount
) -> _Breaks:
    carriage_return = "chr(13) || chr(10)" if lines.line_break == "\n" else "chr(13)"
    pieces = [f"string_split(replace({text}, {carriage_return}, chr(10)), chr(10))" for text in texts]
    breaks = " + ".join(f"coalesce(len({split}) - 1, 0)" for split in pieces)
    blanks = " + ".join(f"coalesce(len(list_filter({split}[2:-2], lambda piece: piece = '')), 0)" for split in pieces)
    has_break = " or ".join(f"contains({text}, {literal(lines.line_break)})" for text in texts)
    found = engine.execute(
        f"select {place} as places, {breaks} as breaks, {blanks} as blanks from {relation} where {has_break} order by 1"
    ).fetchnumpy()
    return _Breaks(**{name: np.asarray(values, np.int64) for name, values in found.items()})


def _check_nothing_left_out(accounted: int, line_count: int) -> None:
    if accounted != line_count:
        raise FileRefused(
            "unclosed_quote",
            f"{abs(line_count - accounted)} of its lines are in no row: a quote is opened and never closed.",
            "Look for it after that line, and ask for the export with quotes doubled inside quoted values.",
            line=accounted,
        )


def _move_unreadable(engine: duckdb.DuckDBPyConnection, ordinals: Lines, lines: Lines) -> None:
    engine.register("incoming_lines", pa.table({"_ordinal": ordinals, "_line": lines}))
    engine.execute("""
        update unreadable_rows set _line = incoming_lines._line
        from incoming_lines where incoming_lines._ordinal = unreadable_rows._ordinal
    """)
    engine.unregister("incoming_lines")
