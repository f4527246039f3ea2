"""What identity answers a person, as short tables in the terminal."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.markup import escape

from c360.report.terminal import as_table
from c360.report.wording import number

_WIDTH = 140


def show_counts(counts: Mapping[str, int]) -> None:
    """Print counts, each on a line after what it counts."""
    width = max(map(len, counts)) + 2
    show_lines(f"{what:{width}}{number(count):>12}" for what, count in counts.items())


def show_counts_by(what: str, counts: Mapping[str, int]) -> None:
    """Print counts by rule or reason on a line; nothing when there are none."""
    if counts:
        show_lines([f"{what}: " + ", ".join(f"{name} {number(count)}" for name, count in counts.items())])


def show_rows(title: str, headings: list[str], rows: Sequence[tuple[object, ...]]) -> None:
    """Print rows under headings, however long an id is; nothing when there are none."""
    if not rows:
        return
    shown = [tuple(_shown(cell) for cell in row) for row in rows]
    table = as_table(title, headings, shown)
    for column in table.columns:
        column.overflow = "fold"
    _console().print(table)


def show_lines(lines: Iterable[str]) -> None:
    """Print sentences, each on its own line."""
    console = _console()
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True, markup=False)


def _shown(cell: object) -> object:
    if isinstance(cell, float):
        return f"{cell:.3f}"
    return escape(cell) if isinstance(cell, str) else cell


def _console() -> Console:
    return Console(width=_WIDTH)
