"""Rows of a CSV file, as text, with their line numbers, and proof that no line was left out."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from c360.core.sql import literal, quoted
from c360.sources.contracts.contract import Table
from c360.sources.reading.judge import judge_rows
from c360.sources.reading.line_numbers import Lines, move_down, place_rows
from c360.sources.reading.refusal import Columns, FileRefused, match_columns
from c360.sources.reading.rows_as_text import (
    NUL_CHARACTER,
    Judge,
    Rows,
    Slice,
    count,
    forget_rejects,
    json_of,
    keep_unreadable,
    number_by,
    number_in_order,
    reading_options,
    row_as_json,
)
from c360.sources.reading.text_lines import LineCount, TextSlice, blank_lines, cut_text
from c360.sources.values.casting import raw_name


def read_csv(
    engine: duckdb.DuckDBPyConnection, path: Path, table: Table, spill: Path, judge: Judge = judge_rows
) -> Iterator[Slice]:
    """Leave the file's rows in the engine, slice by slice.

    Columns are found by their names, in whatever order they stand. Empty values beyond the last column are let pass.

    Raises:
        FileRefused: nothing of the file can be trusted.
    """
    header: _Header | None = None
    for text in cut_text(path, spill, table.encoding):
        header = replace(header, line_count=0) if header else _read_header(text.path, table)
        reader = _SliceReader(engine, table, text, header, judge)
        row_count = reader.read()
        unknown = dict.fromkeys(header.columns.unknown, row_count)
        yield Slice(row_count, unknown if row_count else {}, tuple(header.columns.missing))


@dataclass(frozen=True)
class _Header:
    names: list[str]
    """The names of the columns in the file."""
    columns: Columns
    line_count: int
    """The lines it takes at the beginning of a slice."""

    @property
    def blank_lines_are_rows(self) -> bool:
        """In a file of one column a blank line is a row whose value is missing."""
        return len(self.names) == 1


def _read_header(path: Path, table: Table) -> _Header:
    with path.open("rb") as stream:
        text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
        reader = csv.reader(text, delimiter=table.delimiter)
        try:
            names = next(reader)
        except csv.Error:
            names = []
    if any("\udc80" <= letter <= "\udcff" for name in names for letter in name):
        raise FileRefused(
            "bad_encoding",
            "Its first line is not UTF-8.",
            "Write the file's `encoding` in the contract, or ask for the export in UTF-8.",
            line=1,
        )
    return _Header(names, match_columns(table, names), reader.line_num)


@dataclass(frozen=True)
class _SliceReader:
    engine: duckdb.DuckDBPyConnection
    table: Table
    text: TextSlice
    header: _Header
    judge: Judge

    def read(self) -> int:
        """Leave the rows in the engine and give their number, refused ones included.

        Two threads that meet inside a quoted field could disagree about where it begins. So only a slice whose rows
        have one line each is read in parallel, and when then not every line is a row, it is read again by one.
        """
        if not self.text.lines.has_quoted_breaks:
            refused = self._read_rows(is_parallel=True)
            if not len(refused) and self._number_by_line():
                return self._row_count()
        refused = self._read_rows(is_parallel=False)
        _number_rows(self.engine, self.text, self.header, refused)
        return self._row_count() + len(refused)

    def _row_count(self) -> int:
        return count(self.engine, "slice_rows")

    def _number_by_line(self) -> bool:
        """Number the rows if every line that is not blank is a row, and say whether that is so."""
        rows_and_header = self._row_count() + self.header.line_count
        if rows_and_header == self.text.lines.line_count:
            number_in_order(self.engine, self.text.first_line + self.header.line_count)
            return True
        if self.header.blank_lines_are_rows or rows_and_header != self.text.filled_count:
            return False
        taken = [*range(1, self.header.line_count + 1), *blank_lines(self.text.path)]
        number_by(self.engine, place_rows(self._row_count(), taken) + self.text.first_line - 1)
        return True

    def _read_rows(self, *, is_parallel: bool) -> Lines:
        forget_rejects(self.engine)
        try:
            self.judge(self.engine, self.table, self._rows(is_parallel=is_parallel))
        except duckdb.InvalidInputException as error:
            if "CSV" not in str(error):
                raise
            raise FileRefused(
                "mixed_line_breaks",
                "Its lines end in different ways, or a carriage return stands inside a value without quotes.",
                "Ask for an export with one kind of line break.",
            ) from None
        return keep_unreadable(self.engine)

    def _rows(self, *, is_parallel: bool) -> Rows:
        known = self.header.columns.known
        raw = {
            name: raw_name(known[name]) if name in known else quoted(f"extra {number}")
            for number, name in enumerate(self.header.names)
        }
        texts = list(raw.values())
        has_nul = " or ".join(f"contains({text}, chr(0))" for text in texts)
        also = {} if is_parallel else _breaks(texts, self.text.lines)
        missing = "".join(f", null::VARCHAR as {raw_name(name)}" for name in self.header.columns.missing)
        added = "".join(f", {value} as {name}" for name, value in also.items())
        extra = self._extra(raw)
        return Rows(
            f"(select *{missing}{added} from {self._reader(texts, is_parallel=is_parallel)})",
            row_as_json(self.table, list(known.values()), extra=extra if self.table.drift == "evolve" else None),
            faults=[(has_nul, NUL_CHARACTER)] if self.text.lines.has_nul else [],
            extra=extra,
            also=tuple(also),
        )

    def _reader(self, texts: list[str], *, is_parallel: bool) -> str:
        columns = ", ".join(f"{text}: 'VARCHAR'" for text in texts)
        return f"""read_csv(
            {reading_options(self.text.path)}, header = {self.header.line_count > 0}, columns = {{{columns}}},
            delim = {literal(self.table.delimiter)}, quote = '"', escape = '"', strict_mode = true,
            parallel = {is_parallel}
        )"""

    def _extra(self, raw: dict[str, str]) -> str:
        unknown = {name: raw[name] for name in self.header.columns.unknown}
        return json_of(unknown) if unknown else "null::VARCHAR"


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


def _number_rows(engine: duckdb.DuckDBPyConnection, text: TextSlice, header: _Header, refused: Lines) -> None:
    """Define `judged_rows` and write `unreadable_rows._line` where rows may have more lines than one.

    Raises:
        FileRefused: lines of the file are in no row.
    """
    lines = text.lines
    rows = _find_breaks(engine, "slice_rows", "rowid", _KEPT)
    unreadable = _find_breaks(engine, "unreadable_rows", "_ordinal", _breaks(["_row"], lines))
    row_count = count(engine, "slice_rows")
    accounted = header.line_count + row_count + len(refused) + rows.filled_count + unreadable.filled_count
    line_count = lines.line_count if header.blank_lines_are_rows else text.filled_count
    _check_nothing_left_out(accounted, line_count, text.first_line)
    blank = [] if header.blank_lines_are_rows else blank_lines(text.path)
    # A header takes one ordinal, however many lines it has.
    ordinals = place_rows(row_count, [*([1] if header.line_count else []), *blank, *refused.tolist()])
    broken = np.concatenate(([1], unreadable.places, ordinals[rows.places]))
    breaks = np.concatenate(([max(header.line_count - 1, 0)], unreadable.breaks, rows.breaks))
    before = text.first_line - 1
    number_by(engine, move_down(ordinals, broken, breaks) + before)
    _move_unreadable(engine, refused, move_down(refused, broken, breaks) + before)


_KEPT = {"_breaks": "_breaks", "_blanks": "_blanks"}


def _breaks(texts: list[str], lines: LineCount) -> dict[str, str]:
    """SQL for how many line breaks a row has inside its values, and how many of the lines they make are blank."""
    carriage_return = "chr(13) || chr(10)" if lines.line_break == "\n" else "chr(13)"
    pieces = [f"string_split(replace({text}, {carriage_return}, chr(10)), chr(10))" for text in texts]
    has_break = " or ".join(f"contains({text}, {literal(lines.line_break)})" for text in texts)
    breaks = " + ".join(f"coalesce(len({split}) - 1, 0)" for split in pieces)
    blanks = " + ".join(f"coalesce(len(list_filter({split}[2:-2], lambda piece: piece = '')), 0)" for split in pieces)
    return {
        "_breaks": f"case when {has_break} then {breaks} end",
        "_blanks": f"case when {has_break} then {blanks} end",
    }


def _find_breaks(engine: duckdb.DuckDBPyConnection, relation: str, place: str, breaks: dict[str, str]) -> _Breaks:
    found = engine.execute(f"""
        select {place} as places, {breaks["_breaks"]} as breaks, {breaks["_blanks"]} as blanks from {relation}
        where breaks > 0 order by 1
    """).fetchnumpy()
    return _Breaks(**{name: np.asarray(values, np.int64) for name, values in found.items()})


def _check_nothing_left_out(accounted: int, line_count: int, first_line: int) -> None:
    if accounted != line_count:
        raise FileRefused(
            "unclosed_quote",
            f"{abs(line_count - accounted)} of its lines are in no row: a quote is opened and never closed.",
            "Look for it after that line, and ask for the export with quotes doubled inside quoted values.",
            line=first_line - 1 + accounted,
        )


def _move_unreadable(engine: duckdb.DuckDBPyConnection, ordinals: Lines, lines: Lines) -> None:
    engine.register("incoming_lines", pa.table({"_ordinal": ordinals, "_line": lines}))
    engine.execute("""
        update unreadable_rows set _line = incoming_lines._line
        from incoming_lines where incoming_lines._ordinal = unreadable_rows._ordinal
    """)
    engine.unregister("incoming_lines")
