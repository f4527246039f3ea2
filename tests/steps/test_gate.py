"""A gate records every rule, and a broken rule stops the run before anything is published."""

from datetime import date
from pathlib import Path

import pytest

from c360.core.errors import GateFailed
from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.core.warehouse import open_warehouse
from c360.steps.gate import gate


def run_with(tmp_path: Path, customer_ids: list[str]) -> RunContext:
    settings = Settings(data_dir=tmp_path)
    with open_warehouse(settings) as warehouse:
        warehouse.execute("create schema customer_360")
        warehouse.execute(
            """
            create table customer_360.customer_360 as
            select unnest(?::varchar[]) as customer_id, date '2026-07-01' as as_of_date, 3 as days_since_last_order,
                2 as order_count, 10.0 as revenue_amount, 4 as rfm_recency_score, 4 as rfm_frequency_score,
                4 as rfm_monetary_score, false as is_anonymous
            """,
            [customer_ids],
        )
    return RunContext(date(2026, 7, 1), "test", settings)


def test_good_data_passes_and_every_rule_is_recorded(tmp_path: Path) -> None:
    """Results are rows consumers of the report can read."""
    run = run_with(tmp_path, ["c_1", "c_2"])
    results = gate(run, "customer_360")

    with open_warehouse(run.settings) as warehouse:
        recorded = warehouse.rows("select rule, is_passed from pipeline.gate_results")
    assert len(results) >= 10
    assert [(result.rule, True) for result in results] == recorded


def test_a_broken_rule_stops_the_run_with_its_own_exit_code(tmp_path: Path) -> None:
    """The error names the rule and the remedy, no value of a row, and exits 3."""
    with pytest.raises(GateFailed, match="every customer appears once") as failure:
        gate(run_with(tmp_path, ["c_1", "c_1"]), "customer_360")

    assert failure.value.exit_code == 3
    assert "c_1" not in str(failure.value)
    assert "expectations/suites/customer_360.py" in str(failure.value)
