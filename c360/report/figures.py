"""The figures of a run, read from the tables it wrote. Counts only: no row about a person leaves the warehouse here."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from c360.core.errors import ConfigurationError
from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.core.warehouse import Warehouse, open_warehouse


@dataclass(frozen=True)
class SourceFigures:
    """What became of the rows one source delivered: read = accepted + duplicates + quarantined."""

    source: str
    files: int
    read: int
    accepted: int
    duplicates: int
    quarantined: int


@dataclass(frozen=True)
class RefusalFigures:
    """How many rows of a source a reason sent to quarantine."""

    source: str
    table: str
    reason: str
    rows: int


@dataclass(frozen=True)
class TreatmentFigures:
    """How order lines of one kind were taken, with their signed amount in one currency."""

    source: str
    line_kind: str
    is_anonymous: bool
    lines: int
    amount: float
    currency: str


@dataclass(frozen=True)
class ModelFigures:
    """A model against its baseline on the same later customers."""

    model: str
    metric: str
    value: float | None
    baseline: float | None
    is_used: bool
    reason: str


@dataclass(frozen=True)
class AudienceFigures:
    """Who an audience's rule found for one destination (people): matched = no consent + no identifier + eligible."""

    audience: str
    destination: str
    matched: int
    no_consent: int
    no_identifier: int
    eligible: int
    held_out: int
    exported: int
    models_without_scores: str


@dataclass(frozen=True)
class SegmentFigures:
    """How many customers an RFM segment holds, anonymous visitors left out."""

    segment: str
    customers: int


@dataclass(frozen=True)
class MonthFigures:
    """Revenue of a channel in a whole calendar month (UTC), in one currency."""

    month: date
    channel: str
    currency: str
    revenue: float


@dataclass(frozen=True)
class RuleFigures:
    """Whether a rule of a gate held."""

    gate: str
    rule: str
    is_passed: bool


@dataclass(frozen=True)
class CustomerFigures:
    """People before and after identity, those of them known by a device alone, and those consumers see."""

    records: int
    customers: int
    anonymous: int
    published: int
    version: str


@dataclass(frozen=True)
class RunFigures:
    """Everything a run is reported with."""

    as_of: date
    sources: list[SourceFigures]
    refusals: list[RefusalFigures]
    treatments: list[TreatmentFigures]
    customers: CustomerFigures
    segments: list[SegmentFigures]
    months: list[MonthFigures]
    rules: list[RuleFigures]
    models: list[ModelFigures]
    audiences: list[AudienceFigures]
    export_files: list[Path]
    report_path: Path


def report_path(run: RunContext) -> Path:
    """Where the HTML report of a day lies."""
    return run.settings.reports_dir / f"{run.as_of.isoformat()}.html"


def read_figures(run: RunContext) -> RunFigures:
    """Read the figures of the run about `run.as_of`.

    Raises:
        ConfigurationError: the last run was about another day, or has not come to its end.
    """
    with open_warehouse(run.settings) as warehouse:
        _check_day(warehouse, run)
        day = [run.as_of]
        return RunFigures(
            as_of=run.as_of,
            sources=_rows(warehouse, SourceFigures, _SOURCES),
            refusals=_rows(warehouse, RefusalFigures, _REFUSALS),
            treatments=_rows(warehouse, TreatmentFigures, _TREATMENTS),
            customers=_customers(warehouse, run.settings),
            segments=_rows(warehouse, SegmentFigures, _SEGMENTS),
            months=_rows(warehouse, MonthFigures, _MONTHS, day),
            rules=_rows(warehouse, RuleFigures, _RULES, day),
            models=_rows(warehouse, ModelFigures, _MODELS, day),
            audiences=_rows(warehouse, AudienceFigures, _AUDIENCES, day),
            export_files=sorted((run.settings.exports_dir / run.as_of.isoformat()).glob("*/*/*.json")),
            report_path=report_path(run),
        )


def _check_day(warehouse: Warehouse, run: RunContext) -> None:
    if not warehouse.has_table("measurement", "rpt_audience_sizes"):
        raise ConfigurationError(f"No finished run in {run.settings.data_dir}. Run `c360 run` first.")
    days = warehouse.rows("select distinct as_of_date from customer_360.customer_360")
    if days != [(run.as_of,)]:
        spoken_of = ", ".join(str(day) for (day,) in sorted(days)) or "nobody"
        raise ConfigurationError(
            f"The warehouse speaks about {spoken_of}, not about {run.as_of}. Run `c360 run --as-of {run.as_of}` first."
        )


_SOURCES = """
    select source_name, count(distinct file_digest), sum(read_count)::bigint, sum(accepted_count)::bigint,
        sum(duplicate_count)::bigint, sum(quarantined_count)::bigint
    from pipeline.ingest_files group by all order by all
"""
_REFUSALS = """
    select source_name, table_name, reason, count(*) from pipeline.quarantined_rows group by all order by all
"""
_TREATMENTS = """
    select source_name, line_kind, is_anonymous, line_count, line_amount::double, currency_code
    from measurement.rpt_order_line_treatments order by all
"""
_SEGMENTS = """
    select rfm_segment, count(*) from customer_360.customer_360
    where not is_anonymous group by all order by count(*) desc, rfm_segment
"""
_MONTHS = """
    select date_trunc('month', order_date)::date, channel, currency_code, sum(revenue_amount)::double
    from customer_360.fct_orders where order_date < date_trunc('month', ?::date) group by all order by all
"""
_RULES = "select gate, rule, is_passed from pipeline.gate_results where as_of_date = ?"
_MODELS = """
    select model_name, metric_name, model_value, baseline_value, is_used, reason
    from pipeline.model_evaluations where as_of_date = ? order by model_name, metric_name
"""
_AUDIENCES = """
    select audience_name, destination_name, matched_count, no_consent_count, no_identifier_count, eligible_count,
        held_out_count, exported_count, models_without_scores
    from measurement.rpt_audience_sizes where as_of_date = ? order by all
"""

Figures = TypeVar("Figures")


def _rows(warehouse: Warehouse, figures: type[Figures], sql: str, parameters: list[Any] | None = None) -> list[Figures]:
    return [figures(*row) for row in warehouse.rows(sql, parameters)]


def _customers(warehouse: Warehouse, settings: Settings) -> CustomerFigures:
    records, customers = warehouse.rows("select count(*), count(distinct customer_id) from identity.dim_identities")[0]
    [(anonymous,)] = warehouse.rows("select count(*) from customer_360.customer_360 where is_anonymous")
    published, version = _published(settings)
    return CustomerFigures(records, customers, anonymous, published, version)


def _published(settings: Settings) -> tuple[int, str]:
    connection = duckdb.connect(str(settings.published_path), read_only=True)
    try:
        count = connection.execute("select count(*) from customer_360.customer_360").fetchall()[0][0]
        return int(count), str(connection.execute("select version from published_version").fetchall()[0][0])
    finally:
        connection.close()
