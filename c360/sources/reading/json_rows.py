"""Rows of a JSON lines file, as text, with their line numbers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from c360.core.sql import literal, quoted
from c360.sources.contracts.contract import Table
from c360.sources.reading.judge import judge_rows
from c360.sources.reading.line_numbers import place_rows
from c360.sources.reading.refusal import FileRefused, check_columns, may_differ
from c360.sources.reading.rows_as_text import (
    MALFORMED_JSON,
    NUL_CHARACTER,
    Judge,
    Rows,
    Slice,
    count,
    forget_rejects,
    keep_unreadable,
    number_by,
    number_in_order,
    reading_options,
)
from c360.sources.reading.text_lines import TextSlice, blank_lines, cut_text
from c360.sources.values.casting import raw_name
from c360.sources.values.json_paths import JsonPath, Pick, path_of, top_key

_NEVER_IN_JSON = "\x01\x02\x03"
"""JSON holds no raw control characters, so with this delimiter a line is one column."""


def read_json_lines(
    engine: duckdb.DuckDBPyConnection, path: Path, table: Table, spill: Path, judge: Judge = judge_rows
) -> Iterator[Slice]:
    """Leave the file's rows in the engine, slice by slice.

    A column that a row does not have is empty. Blank lines are no rows.

    Raises:
        FileRefused: nothing of the file can be trusted.
    """
    keys = _Keys(_promised(table))
    for text in cut_text(path, spill, table.encoding, has_quotes=False):
        unknown = keys.look_at(engine, text.path)
        forget_rejects(engine)
        judge(engine, table, _rows(table, text, has_unknown=bool(unknown)))
        refused = keep_unreadable(engine)
        row_count = count(engine, "slice_rows")
        keys.row_count += count(engine, f"slice_rows where _reason is distinct from {literal(MALFORMED_JSON)}")
        has_blank = row_count + len(refused) != text.lines.line_count
        if has_blank and row_count + len(refused) != text.filled_count:
            raise FileRefused("unreadable", "Its lines cannot be told apart.", "Ask for one JSON object on each line.")
        if len(refused) or has_blank:
            before = text.first_line - 1
            lines = place_rows(row_count, [*blank_lines(text.path, has_quotes=False), *refused.tolist()])
            number_by(engine, lines + before)
            engine.execute("update unreadable_rows set _line = _line + ?", [before])
        else:
            number_in_order(engine, text.first_line)
        yield Slice(row_count + len(refused), unknown)
    keys.check(table)


@dataclass
class _Keys:
    """Which keys the objects of a file have."""

    promised: set[str]
    found: dict[str, int] = field(default_factory=dict)
    """In how many rows each key stands."""
    row_count: int = 0
    """Rows that are objects."""

    def look_at(self, engine: duckdb.DuckDBPyConnection, path: Path) -> dict[str, int]:
        """Count the keys of a slice and give those the contract does not know."""
        # One by one they are grouped twice as fast as by the list of a row's keys.
        found = engine.execute(f"""
            select key, count(*)
            from (select unnest(try(json_keys(_row))) as key from {_lines(path)} where {_IS_OBJECT})
            group by key order by key
        """).fetchall()
        counts: dict[str, int] = dict(found)
        for key, row_count in counts.items():
            self.found[key] = self.found.get(key, 0) + row_count
        return {key: row_count for key, row_count in counts.items() if key not in self.promised}

    def check(self, table: Table) -> None:
        """Decide whether the file is the one agreed.

        Raises:
            FileRefused: an unknown key is in every row and may not be, or no key of the contract is in any.
        """
        if not self.row_count:
            return
        known = list(self.promised) if self.promised & set(self.found) else []
        in_every_row = [k for k, rows in self.found.items() if k not in self.promised and rows >= self.row_count]
        check_columns(self.promised, in_every_row + known, [] if may_differ(table) else None)


_IS_OBJECT = "(starts_with(_row, '{') or ltrim(_row)[1] = '{')"


def _lines(path: Path) -> str:
    return f"""read_csv(
        {reading_options(path)}, header = false, columns = {{'_row': 'VARCHAR'}}, delim = {literal(_NEVER_IN_JSON)},
        quote = '', escape = '', strict_mode = false
    )"""


@dataclass(frozen=True)
class _Lists:
    """The lists of records from which columns are picked, each parsed once."""

    shapes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By the path of the list: the keys of a record that are asked for."""

    def add(self, path: JsonPath, pick: Pick) -> None:
        record = self.shapes.setdefault(path.before_pick, {})
        record[pick.field] = "VARCHAR"
        *outer, last = path.inside_record
        for key in outer:
            record = record.setdefault(key, {})
        record[last] = "VARCHAR"

    def name(self, path: JsonPath) -> str:
        return quoted(f"list {path.before_pick}")

    def value(self, path: JsonPath, pick: Pick) -> str:
        records = self.name(path)
        names = f"list_transform({records}, lambda record: {_of('record', pick.field)})"
        found = f"{records}[list_position({names}, {literal(pick.value)})]"
        for key in path.inside_record:
            found = _of(found, key)
        return found


def _of(record: str, key: str) -> str:
    return f"struct_extract({record}, {literal(key)})"


def _rows(table: Table, text: TextSlice, *, has_unknown: bool) -> Rows:
    """The columns of the lines, each line parsed once; a row is NULL everywhere where it is no JSON object."""
    columns = {name: path_of(column.source_name or name) for name, column in table.columns.items()}
    paths = list(dict.fromkeys(path.before_pick for path in columns.values()))
    lists = _Lists()
    for path in columns.values():
        if path.pick:
            lists.add(path, path.pick)
    extracted = ", ".join(literal(path) for path in paths)
    place = {path: f"_values[{number}]" for number, path in enumerate(paths, start=1)}
    parsed = "".join(
        f", try(from_json({place[path]}, {literal(json.dumps([record]))})) as {quoted(f'list {path}')}"
        for path, record in lists.shapes.items()
    )
    values = ", ".join(
        f"nullif({lists.value(path, path.pick) if path.pick else place[path.before_pick]}, '') as {raw_name(name)}"
        for name, path in columns.items()
    )
    extra = _extra(table) if has_unknown and table.drift == "evolve" else "null::VARCHAR"
    has_nul = [(" or ".join(f"contains({raw_name(name)}, chr(0))" for name in columns), NUL_CHARACTER)]
    return Rows(
        f"""(
            select _row, _values, {values} from (
                select *{parsed} from (
                    select _row,
                        case when {_IS_OBJECT} then try(json_extract_string(_row, [{extracted}])) end as _values
                    from {_lines(text.path)} where _row is not null
                )
            )
        )""",
        "_row",
        faults=[("_values is null", MALFORMED_JSON)] + (has_nul if text.lines.has_nul else []),
        extra=extra,
    )


def _extra(table: Table) -> str:
    """What is left of a row without the keys that the contract knows."""
    nothing_known = json.dumps(dict.fromkeys(sorted(_promised(table))))
    return f"""
        case when _values is not null then nullif(json_merge_patch(_row, {literal(nothing_known)})::VARCHAR, '{{}}') end
    """


def _promised(table: Table) -> set[str]:
    return {top_key(column.source_name or name) for name, column in table.columns.items()}
