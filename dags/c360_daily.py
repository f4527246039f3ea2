"""The daily run: from landed files to published tables, dry-run exports and a report."""

from datetime import UTC, datetime, timedelta

from airflow.sdk import Param, chain, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

from c360.steps.daily import DAILY, task_id

DOC = """
### c360_daily

Takes in what landed, unifies it into `customer_360`, checks it, scores it, publishes it, and writes the payloads of
consented audiences as files.

**Owner** data engineering.

**When a task is red** its last log line says what happened and what to do. Every task can be cleared and run again:
the same landed files give the same tables. Nothing is published before `gate_customer_360` has passed, so consumers
still read the previous version.

**as_of** is the day the run speaks about, exclusive: it sees what happened before that day 00:00 UTC. It is the logical
date unless the trigger form says otherwise.
"""


@dag(
    dag_id="c360_daily",
    schedule="0 4 * * *",
    start_date=datetime(2000, 1, 1, tzinfo=UTC),  # any day may be run again
    catchup=False,
    max_active_runs=1,
    max_active_tasks=1,  # the warehouse file takes one process at a time
    default_args={"owner": "data-engineering"},
    params={"as_of": Param(None, type=["null", "string"], format="date", description="Day to speak about, exclusive.")},
    tags=["c360"],
    doc_md=DOC,
)
def c360_daily() -> None:
    chain(*[step_task(step) for step in DAILY])


def step_task(step: tuple[str, ...]):
    """One task that carries out one step of the daily run."""

    @task(task_id=task_id(step), execution_timeout=timedelta(hours=2))
    def carry_out() -> None:
        from c360.core.errors import safe_message
        from c360.steps.daily import take

        try:
            take(step, airflow_run())
        except Exception as error:  # noqa: BLE001  Airflow would log the message, and with it the row it may quote
            raise AirflowFailException(safe_message(error)) from None

    return carry_out()


def airflow_run():
    """The run context of the Airflow run this task belongs to."""
    from datetime import date

    from c360.core.run import RunContext
    from c360.core.settings import Settings

    context = get_current_context()
    chosen = context["params"]["as_of"]
    as_of = date.fromisoformat(chosen) if chosen else context["logical_date"].date()
    return RunContext(as_of=as_of, run_id=context["run_id"], settings=Settings())


c360_daily()
