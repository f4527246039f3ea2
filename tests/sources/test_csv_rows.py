import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources.found import Found, read_with

from c360.sources.contracts.contract import Table
from c360.sources.reading.caps import MAX_LINE_BYTES
from c360.sources.reading.csv_rows import read_csv
from c360.sources.reading.refusal import FileRefused

Row = tuple[int, str | None, str | None, str | None]


def read(engine: duckdb.DuckDBPyConnection, folder: Path, content: bytes, table: Table) -> Found:
    path = folder / "lines_1.csv"
    path.write_bytes(content)
    return read_with(read_csv, engine, path, table)


def lines_and_reasons(found: Found) -> list[tuple[int, str]]:
    return [(line, reason) for line, reason, _ in found.refused]


def test_rows_carry_the_line_an_editor_shows(engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table) -> None:
    """Blank lines, line breaks inside fields and refused rows before a row do not shift its number."""
    content = b'id,name,amount\n1,a,2\n\n2,"b\n\nb",3\n3,c\n"4\n4",d\n\n\n5,e,5,6\n6,f,7\n7,g"x,8\n8,"h"x,9\n'
    found = read(engine, tmp_path, content, table)
    assert [(row[0], row[1]) for row in found.rows] == [(2, "1"), (4, "2"), (13, "6"), (14, "7")]
    assert lines_and_reasons(found) == [
        (7, "ragged_line"),
        (8, "ragged_line"),
        (12, "ragged_line"),
        (15, "malformed_quotes"),
    ]
    assert found.row_count == 8
    assert found.rows[1][2] == "b\n\nb"


def test_refused_line_is_kept_as_it_came(engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table) -> None:
    """The text of a line that is no row of the table goes to quarantine whole."""
    found = read(engine, tmp_path, b"id,name,amount\r\n\r\n1,a\r\n2,b,3\r\n", table)
    assert [row for _, _, row in found.refused] == ["1,a"]


def test_columns_are_found_by_name(engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table) -> None:
    """Another order of columns, and a byte order mark before them, change no value."""
    found = read(engine, tmp_path, b"\xef\xbb\xbfamount,id,name\n2,1,a\n", table)
    assert found.rows == [(2, "1", "a", "2")]


def test_header_over_two_lines_moves_the_rows_down(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table
) -> None:
    """A header with a line break inside a name is found, and the rows are numbered after it."""
    columns = {name: column.model_dump(exclude_none=True) for name, column in table.columns.items()}
    columns["name"]["source_name"] = "full\nname"
    table = Table.model_validate(table.model_dump(exclude={"columns", "event_time"}) | {"columns": columns})
    found = read(engine, tmp_path, b'id,"full\nname",amount\n1,a,2\n2,b\n3,c,4\n', table)
    assert [row[0] for row in found.rows] == [3, 5]
    assert lines_and_reasons(found) == [(4, "ragged_line")]


def test_file_of_one_column_counts_a_blank_line_as_a_missing_value(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table
) -> None:
    """In a list of one column nothing on a line is a value that is missing, not a line to skip."""
    only = Table.model_validate(
        table.model_dump(exclude={"columns", "event_time"}) | {"columns": {"id": {"type": "string"}}}
    )
    found = read(engine, tmp_path, b'id\n1\n\n"2\n2"\n3,4\n5\n', only)
    assert found.row_count == 5
    assert found.rows == [(2, "1"), (3, None), (4, "2\n2"), (7, "5")]
    assert lines_and_reasons(found) == [(6, "ragged_line")]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'id,name,amount\n1,"a,2\n2,b,3\n3,c,4\n', 1),
        (b'id,name,amount\n1,a,2\n2,b,3\n3,"c,4\n4,d,5\n', 3),
        (b'id,name,amount\n1,"a\nb",2\n2,"b,3\n3,c,4\n', 3),
        (b'id,name,amount\n1,a\n2,"b,3\n3,c,4\n', 2),
    ],
)
def test_unclosed_quote_refuses_the_file(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table, content: bytes, line: int
) -> None:
    """Rows that the engine silently takes for the inside of a field are missed, and the place is named."""
    with pytest.raises(FileRefused, match=f"^line {line}: ") as caught:
        read(engine, tmp_path, content, table)
    assert caught.value.reason == "unclosed_quote"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\nid,name,amount\n1,a,2\n", "columns_differ"),
        (b"id,name\n1,a\n", "columns_differ"),
        (b"id,name,amount,extra\n1,a,2,3\n", "columns_differ"),
        (b"id,name,amount,name\n1,a,2,3\n", "columns_differ"),
        (b"id;name;amount\n1;a;2\n", "columns_differ"),
        ("id,name,amount,né\n1,a,2,3\n".encode("latin-1"), "bad_encoding"),
        (b"id,name,amount\r\n1,a,2\n3,b,4\r\n", "mixed_line_breaks"),
        (b"id,name,amount\n1,a\rb,2\n", "mixed_line_breaks"),
    ],
)
def test_file_of_another_shape_is_refused(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table, content: bytes, reason: str
) -> None:
    """A file whose columns, encoding or line breaks cannot be relied on is refused as a whole."""
    with pytest.raises(FileRefused) as caught:
        read(engine, tmp_path, content, table)
    assert caught.value.reason == reason


def test_bytes_that_are_not_utf_8_refuse_their_row_only(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table
) -> None:
    """A Latin-1 name quarantines its row; the rows around it are read."""
    found = read(engine, tmp_path, "id,name,amount\n1,a,2\n2,Zoé,3\n3,c,4\n".encode("latin-1"), table)
    assert [row[0] for row in found.rows] == [2, 4]
    assert lines_and_reasons(found) == [(3, "bad_encoding")]


def test_line_over_the_limit_refuses_its_row_only(
    engine: duckdb.DuckDBPyConnection, tmp_path: Path, table: Table
) -> None:
    """A field of three megabytes is read, a line over the limit is not."""
    long, too_long = "x" * 3_000_000, "y" * MAX_LINE_BYTES
    found = read(engine, tmp_path, f"id,name,amount\n1,{long},2\n2,{too_long},3\n3,c,4\n".encode(), table)
    assert [(row[0], len(row[2] or "")) for row in found.rows] == [(2, 3_000_000), (4, 1)]
    assert lines_and_reasons(found) == [(3, "line_too_long")]


@dataclass
class Model:
    """A CSV file and what a reader must find in it."""

    line_break: str
    line: int = 2
    text: str = "id,name,amount"
    rows: list[Row] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text += self.line_break

    def add(self, values: list[str]) -> None:
        """One more line: blank, sound, or with too few or too many values.

        Empty values beyond the last column are let pass.
        """
        if len(values) >= 3 and not any(values[3:]):
            self.rows.append((self.line, *(value or None for value in values[:3])))  # type: ignore[arg-type]
        elif values:
            self.unreadable.append(self.line)
        written = io.StringIO()
        csv.writer(written, lineterminator=self.line_break, quoting=csv.QUOTE_ALL).writerow(values)
        self.text += written.getvalue()
        self.line += 1 + "".join(values).count("\n")


VALUES = st.text(st.sampled_from(['"', ",", "\n", "a", "é", " ", "'", "0"]), max_size=5)
LINES = st.lists(st.lists(VALUES, max_size=5).filter(lambda values: values != [""]), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, line_break=st.sampled_from(["\n", "\r\n"]), has_last_break=st.booleans())
def test_every_row_is_found_on_its_line(
    engine: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    table: Table,
    lines: list[list[str]],
    line_break: str,
    has_last_break: bool,
) -> None:
    """Whatever quotes, delimiters, line breaks and blank lines a file holds, its rows are found where they stand."""
    model = Model(line_break)
    for values in lines:
        model.add(values)
    text = model.text if has_last_break else model.text.removesuffix(line_break)
    found = read(engine, tmp_path, text.encode(), table)
    assert found.rows == model.rows
    assert [line for line, _ in lines_and_reasons(found)] == model.unreadable
    assert found.row_count == len(model.rows) + len(model.unreadable)
