"""One table as a source system exports it, before it becomes a file: its rows, its format and what may go wrong."""

from dataclasses import dataclass
from datetime import date

import pyarrow as pa


@dataclass(frozen=True)
class Fault:
    """One kind of fault, and the column it strikes with a value nobody can use, if it strikes one."""

    kind: str
    column: str | None = None
    value: str | int | None = None


DUPLICATE = Fault("duplicate_row")
"""A row twice, byte for byte."""
CUT_OFF = Fault("cut_off_line")
"""A line of CSV or JSON that ends before its last field."""


def unparsable_date(column: str) -> Fault:
    """A copy of a row whose text `column` holds no date."""
    return Fault("unparsable_date", column, "31/02 soir")


def unparsable_amount(column: str) -> Fault:
    """A copy of a row whose text `column` holds no number."""
    return Fault("unparsable_amount", column, "1O,5O")


def implausible_time(column: str) -> Fault:
    """A copy of a row whose whole number of seconds, milliseconds or microseconds since 1970 is 0."""
    return Fault("implausible_time", column, 0)


def invalid_email(column: str) -> Fault:
    """A good row whose e-mail address nobody can use."""
    return Fault("invalid_email", column, "inconnu@")


def invalid_phone(column: str) -> Fault:
    """A good row whose phone number nobody can use."""
    return Fault("invalid_phone", column, "06 00")


@dataclass(frozen=True)
class RawTable:
    """A part of a table of one source, which lands in one file per block of people."""

    source: str
    name: str
    extension: str
    """`csv`, `csv.gz`, `jsonl`, `jsonl.gz` or `parquet`."""
    rows: pa.Table
    """The columns of the file under their names in it. Text in CSV; booleans, whole numbers, timestamps, structs and
    lists as they are in JSON lines and Parquet. A missing value is an empty field, a JSON `null`, a Parquet null."""
    delimiter: str = ","
    encoding: str = "utf-8"
    """Of the text file. A letter that the encoding lacks becomes `?`, as old systems have it."""
    stem: str | None = None
    """The file's name before its date, `contacts_` for a table `contacts` if not given."""
    day: date | None = None
    """The date in the file's name: the morning of the export if not given."""
    suffix: str = ""
    """What tells several files of a day apart, behind the date: `_14h`."""
    faults: tuple[Fault, ...] = ()
    """What goes wrong in this table, where it has rows enough."""
    late_by: str | None = None
    """A text column that begins with the date of the event: the rows of one past day land late, in a file of their
    own that bears that day."""
    is_sent_twice: bool = False
    """Whether the late file lands a second time under another name."""

    def file_name(self, until: date, part: str = "") -> str:
        """The name of its file in an export of the morning `until`."""
        stem = f"{self.name}_" if self.stem is None else self.stem
        return f"{stem}{(self.day or until).isoformat()}{self.suffix}{part}.{self.extension}"
