"""Write the HTML report of a run."""

from pathlib import Path

from c360.core.files import appearing
from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.report.figures import read_figures


def report(run: RunContext) -> Path:
    """Write `reports/<as_of>.html` and return its path. The file appears whole under its name."""
    from c360.report.page import render

    figures = read_figures(run)
    path = figures.report_path
    with appearing(path) as part:
        part.write_text(render(figures), encoding="utf-8")
    get_logger().info("report_written", path=str(path))
    return path
