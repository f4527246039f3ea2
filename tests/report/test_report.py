"""The report says what the tables say, the same every time, in the terminal and on the page."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from c360.core.errors import ConfigurationError
from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.report.figures import (
    AudienceFigures,
    CustomerFigures,
    ModelFigures,
    MonthFigures,
    RefusalFigures,
    RuleFigures,
    RunFigures,
    SegmentFigures,
    SourceFigures,
    TreatmentFigures,
    read_figures,
)
from c360.report.page import render
from c360.report.terminal import show

FIGURES = RunFigures(
    as_of=date(2026, 7, 1),
    sources=[SourceFigures("pos", files=2, read=12345, accepted=12340, duplicates=2, quarantined=3)],
    refusals=[RefusalFigures("pos", "receipt_lines", "ragged_line", 3)],
    treatments=[TreatmentFigures("pos", "return", True, 7, -12.5, "EUR")],
    customers=CustomerFigures(records=900, customers=700, anonymous=123, published=700, version="2026-07-01_abc"),
    segments=[SegmentFigures("champions", 40), SegmentFigures("at_risk", 25)],
    months=[MonthFigures(date(2026, 5, 1), "web", "EUR", 100.0), MonthFigures(date(2026, 6, 1), "web", "EUR", 90.0)],
    rules=[RuleFigures("customer_360", "there are customers", True)],
    models=[ModelFigures("churn", "roc_auc", 0.8123, 0.7456, True, "")],
    audiences=[AudienceFigures("best_customers", "meta", 50, 30, 0, 20, 2, 18, "")],
    export_files=[Path("exports/2026-07-01/meta/best_customers/batch_0001.json")],
    report_path=Path("reports/2026-07-01.html"),
)
NOBODY_CONSENTED = replace(FIGURES, audiences=[AudienceFigures("best_customers", "meta", 50, 50, 0, 0, 0, 0, "")])
NO_SCORES = replace(FIGURES, audiences=[AudienceFigures("lapsing", "meta", 0, 0, 0, 0, 0, 0, "churn")])
NOT_USED = replace(FIGURES, models=[ModelFigures("churn", "roc_auc", 0.7, 0.75, False, "it loses to its baseline")])


def printed(figures: RunFigures) -> str:
    console = Console(width=140, record=True, file=io.StringIO())
    show(figures, console)
    return console.export_text()


@pytest.mark.parametrize("shown", [printed, render], ids=["terminal", "page"])
def test_every_figure_is_shown(shown: object) -> None:
    """Rows, refusals, treatments, people, models, audiences and files are all there."""
    text = shown(FIGURES)

    expected = [
        "12,345",
        "12,340",
        "ragged_line",
        "-12.50 EUR",
        "900",
        "700",
        "123 of them anonymous",
        "2026-07-01_abc",
        "0.812",
        "0.746",
        "18",
        "at risk",
    ]
    assert [figure for figure in expected if figure not in text] == []
    assert "best_customers/batch_0001.json" in text


@pytest.mark.parametrize("shown", [printed, render], ids=["terminal", "page"])
def test_an_empty_export_says_why(shown: object) -> None:
    """When nobody consented, nobody is exported, and it is said in words."""
    assert "none of 50 matching customers consented" in shown(NOBODY_CONSENTED)
    assert "needs scores that are not there (churn)" in shown(NO_SCORES)
    assert "is empty" not in shown(FIGURES)


@pytest.mark.parametrize("shown", [printed, render], ids=["terminal", "page"])
def test_a_model_that_is_not_used_says_why(shown: object) -> None:
    """The verdict carries the reason."""
    assert "not used: it loses to its baseline" in shown(NOT_USED)


def test_the_same_figures_give_the_same_page() -> None:
    """No clock and no random id is in the page."""
    assert render(FIGURES) == render(FIGURES)


def test_a_run_without_orders_still_has_a_page() -> None:
    """Empty lists are shown as nothing, not as an error."""
    empty = replace(FIGURES, months=[], refusals=[], treatments=[], audiences=[], models=[], export_files=[])

    assert "Customer 360" in render(empty)
    assert "Identity" in printed(empty)


def test_reading_before_running_says_what_to_do(tmp_path: Path) -> None:
    """The error names the command that makes figures."""
    with pytest.raises(ConfigurationError, match="c360 run"):
        read_figures(RunContext(date(2026, 7, 1), "test", Settings(data_dir=tmp_path)))
