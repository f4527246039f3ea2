"""Let a table through its gate, or stop the run."""

import duckdb
import pyarrow as pa

from c360.core.errors import GateFailed
from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.warehouse import open_warehouse
from c360.steps.publish import version_before
from expectations.gates import RuleResult, check
from expectations.previous import Previous


def gate(run: RunContext, table: str) -> list[RuleResult]:
    """Check `<table>.<table>` against its suite and record every rule in `pipeline.gate_results`.

    Raises:
        GateFailed: a rule does not hold. Nothing after the gate runs, so the published version stays as it is.
    """
    previous = read_previous(run)
    with open_warehouse(run.settings) as warehouse:
        rows = warehouse.frame(f"select * from {table}.{table}")
        results = check(table, rows, run.as_of, previous)
        warehouse.replace_rows("gate_results", _as_rows(run, table, results), {"gate": table, "as_of_date": run.as_of})
    broken = [result.rule for result in results if not result.is_passed]
    get_logger().info(
        "gate_checked", gate=table, rules=len(results), broken=len(broken), first_version=previous is None
    )
    if broken:
        raise GateFailed(_message(table, len(results), broken))
    return results


def read_previous(run: RunContext) -> Previous | None:
    """Totals of the published version about an earlier day than this run's, or None when there is none."""
    path = version_before(run.settings, run.as_of)
    if path is None:
        return None
    with duckdb.connect(str(path), read_only=True) as version:
        columns = version.execute("select column_name from (describe customer_360.customer_360)").fetchall()
        # A version from before visitors were customers has no such column, and nobody in it is one.
        known = "not is_anonymous" if ("is_anonymous",) in columns else "true"
        counts = version.execute(
            f"select count(*) filter ({known}), sum(order_count) from customer_360.customer_360"
        ).fetchall()
    return Previous(customer_count=int(counts[0][0]), order_count=int(counts[0][1] or 0))


def _as_rows(run: RunContext, table: str, results: list[RuleResult]) -> pa.Table:
    return pa.table(
        {
            "gate": [table] * len(results),
            "as_of_date": pa.array([run.as_of] * len(results), pa.date32()),
            "rule": [result.rule for result in results],
            "is_passed": [result.is_passed for result in results],
        }
    )


def _message(table: str, rule_count: int, broken: list[str]) -> str:
    listed = "; ".join(broken)
    return (
        f"Gate `{table}` stopped the run: {len(broken)} of {rule_count} rules do not hold: {listed}. Nothing was "
        f"published; consumers keep the version they have. The rules are in expectations/suites/{table}.py, the rows "
        f"in {table}.{table} of the warehouse. Mend the source or the model and run again."
    )
