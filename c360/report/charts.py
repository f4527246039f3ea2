"""Charts of the report, drawn by matplotlib as SVG text."""

import io
from typing import TYPE_CHECKING

import numpy as np

from c360.report.figures import MonthFigures, SegmentFigures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#1f2a37"
COLOURS = {"web": "#2f6fed", "store": "#e08a1e"}


def segments_chart(segments: list[SegmentFigures]) -> str:
    """Customers per RFM segment, largest on top."""
    figure, axes = _canvas(height=0.42 * len(segments) + 0.7)
    names = [segment.segment.replace("_", " ") for segment in reversed(segments)]
    counts = [segment.customers for segment in reversed(segments)]
    bars = axes.barh(names, counts, color="#2f6fed")
    axes.bar_label(bars, labels=[f"{count:,}" for count in counts], padding=4, color=INK)
    axes.margins(x=0.12)
    axes.get_xaxis().set_visible(False)
    axes.spines[:].set_visible(False)
    return _svg(figure)


def revenue_chart(months: list[MonthFigures], currency: str) -> str:
    """Revenue per month and channel in one currency."""
    figure, axes = _canvas(height=2.8)
    sold = [month for month in months if month.currency == currency]
    for channel in sorted({month.channel for month in sold}):
        points = [month for month in sold if month.channel == channel]
        axes.plot(
            np.array([point.month for point in points], dtype="datetime64[D]"),
            [point.revenue for point in points],
            label=channel,
            color=COLOURS.get(channel),
            linewidth=2,
        )
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    return _svg(figure)


def _canvas(height: float) -> "tuple[Figure, Axes]":
    import matplotlib

    # The same figures give the same bytes: no random ids, no date.
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "c360", "svg.fonttype": "none", "font.family": "sans-serif"})
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.5, height), layout="constrained")
    return figure, figure.subplots()


def _svg(figure: "Figure") -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]
