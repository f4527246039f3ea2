"""The figures of a run as short tables in the terminal."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from c360.report.figures import RunFigures
from c360.report.wording import audience_note, model_verdict, number


def show(figures: RunFigures, console: Console | None = None) -> None:
    """Print the figures, and where the report lies."""
    console = console or Console(width=120)
    console.print(f"\n[bold]c360, as of {figures.as_of.isoformat()}[/bold]\n")
    for table in (_sources(figures), _refusals(figures), _treatments(figures), _models(figures), _audiences(figures)):
        if table.row_count:
            console.print(table)
    for line in _closing_lines(figures):
        console.print(line, highlight=False, soft_wrap=True)


def show_refused(refused: Sequence[tuple[object, ...]], limit: int, console: Console | None = None) -> None:
    """Print refused rows (source, table, file, line, reason, run), the first `limit`, and how many for what reason."""
    console = console or Console(width=120)
    by_reason = Counter((f"{source}.{table}", str(reason)) for source, table, _, _, reason, _ in refused)
    counts = [(table, reason, count) for (table, reason), count in sorted(by_reason.items())]
    console.print(as_table("Why rows and files are in quarantine", ["table", "reason", "count"], counts))
    rows = [
        (f"{source}.{table}", file, "the whole file" if line is None else f"{line}", reason, run)
        for source, table, file, line, reason, run in refused[:limit]
    ]
    console.print(as_table("Where they are", ["table", "file", "line", "reason", "run"], rows))
    if len(refused) > limit:
        console.print(f"and {number(len(refused) - limit)} more: --limit shows them")


def _closing_lines(figures: RunFigures) -> list[str]:
    people = figures.customers
    anonymous = f"{number(people.anonymous)} of them anonymous visitors"
    segments = ", ".join(f"{one.segment.replace('_', ' ')} {number(one.customers)}" for one in figures.segments)
    return [
        f"Identity    {number(people.records)} records before, {number(people.customers)} customers after, {anonymous}",
        f"Published   {number(people.published)} customers in version {people.version}",
        f"Segments    {segments}",
        *(f"Export      {note}" for audience in figures.audiences if (note := audience_note(audience))),
        *(f"Export file {_short(path)}" for path in figures.export_files if path.name != "manifest.json"),
        f"Report      {_short(figures.report_path)}",
    ]


def _sources(figures: RunFigures) -> Table:
    rows = [(s.source, s.files, s.read, s.accepted, s.duplicates, s.quarantined) for s in figures.sources]
    return as_table("Rows per source", ["source", "files", "read", "accepted", "duplicates", "quarantined"], rows)


def _refusals(figures: RunFigures) -> Table:
    rows = [(f"{r.source}.{r.table}", r.reason, r.rows) for r in figures.refusals]
    return as_table("Why rows are in quarantine", ["table", "reason", "rows"], rows)


def _treatments(figures: RunFigures) -> Table:
    rows = [
        (t.source, t.line_kind, "anonymous" if t.is_anonymous else "known", t.lines, f"{t.amount:,.2f} {t.currency}")
        for t in figures.treatments
    ]
    return as_table("How order lines were taken", ["source", "kind", "customer", "lines", "amount"], rows)


def _models(figures: RunFigures) -> Table:
    rows = [(m.model, m.metric, _three(m.value), _three(m.baseline), model_verdict(m)) for m in figures.models]
    return as_table("Models on later customers", ["model", "metric", "model", "baseline", "verdict"], rows)


def _audiences(figures: RunFigures) -> Table:
    rows = [
        (a.audience, a.destination, a.matched, a.no_consent, a.no_identifier, a.eligible, a.held_out, a.exported)
        for a in figures.audiences
    ]
    headings = ["audience", "destination", "matched", "no consent", "no identifier", "eligible", "held out", "exported"]
    return as_table("Members per audience", headings, rows)


def as_table(title: str, headings: list[str], rows: Iterable[tuple[object, ...]]) -> Table:
    """Rows under headings, numbers to the right."""
    table = Table(title=title, title_justify="left", title_style="bold")
    listed = list(rows)
    for position, heading in enumerate(headings):
        is_number = bool(listed) and all(isinstance(row[position], int) for row in listed)
        table.add_column(heading, justify="right" if is_number else "left")
    for row in listed:
        table.add_row(*[number(cell) if isinstance(cell, int) else str(cell) for cell in row])
    return table


def _three(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
