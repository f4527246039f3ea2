"""The steps of a daily run, in order. `dags/c360_daily.py` and `c360 run` both read this list."""

from importlib import import_module
from time import monotonic

from c360.core.log import get_logger
from c360.core.run import RunContext

DAILY: tuple[tuple[str, ...], ...] = (
    ("ingest",),
    ("build", "staging"),
    ("identify",),
    ("build", "customer_360"),
    ("gate", "customer_360"),
    ("build", "features"),
    ("train", "churn"),
    ("score", "churn"),
    ("publish",),
    ("resolve",),
    ("build", "exports"),
    ("export", "google_ads"),
    ("export", "meta"),
    ("build", "measurement"),
    ("report",),
)
"""Each step as its verb and what the verb acts on."""


def task_id(step: tuple[str, ...]) -> str:
    """The name of a step in Airflow and in the log: `build_staging`."""
    return "_".join(step)


def take(step: tuple[str, ...], run: RunContext) -> object:
    """Carry out one step and log its start and end. Its module is imported only now: some import slowly."""
    verb, *what = step
    log = get_logger().bind(step=task_id(step))
    log.info("step_started", place=f"{DAILY.index(step) + 1} of {len(DAILY)}" if step in DAILY else "by hand")
    started = monotonic()
    result = getattr(import_module(f"c360.steps.{verb}"), verb)(run, *what)
    log.info("step_finished", seconds=round(monotonic() - started, 1))
    return result
