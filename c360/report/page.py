"""The report: one HTML file that needs nothing else to be read."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from c360.report.charts import revenue_chart, segments_chart
from c360.report.figures import RunFigures
from c360.report.wording import audience_note, model_verdict, number


def render(figures: RunFigures) -> str:
    """The page as text. The same figures give the same text."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["number"] = number
    currencies = sorted({month.currency for month in figures.months})
    return environment.get_template("page.html.j2").render(
        figures=figures,
        segments_chart=segments_chart(figures.segments),
        revenue_charts=[(currency, revenue_chart(figures.months, currency)) for currency in currencies],
        audience_notes=[note for audience in figures.audiences if (note := audience_note(audience))],
        verdict=model_verdict,
        export_files=[f"{path.parent.parent.name}/{path.parent.name}/{path.name}" for path in figures.export_files],
    )
