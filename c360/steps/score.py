"""Score the customers of the day with the newest model that beat its baseline."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.warehouse import Warehouse, open_warehouse

if TYPE_CHECKING:
    from ml.model import Model

MAX_AGE_DAYS = 31
"""A model trained longer ago than this gives stale scores."""


@dataclass(frozen=True)
class Scoring:
    """How many customers were scored, with a model trained when, and why the scores are stale or missing."""

    model_name: str
    score_count: int
    trained_as_of: date | None
    is_stale: bool
    reason: str


def score(run: RunContext, model_name: str) -> Scoring:
    """Replace the scores of `model_name` at `run.as_of` in `pipeline.scores`; the scores of other days stay.

    Without a model that may be used there are no scores of that day, and the answer says why.

    Raises:
        ConfigurationError: there is no such model, or a table it reads has not been built.
        C360Error: the artifact was damaged or exchanged.
    """
    from ml.artifacts import newest_trained_date
    from ml.registry import find_model
    from ml.rows import read_customers

    model = find_model(model_name)
    trained_as_of = newest_trained_date(run.settings.artifacts_dir, model, run.as_of)
    with open_warehouse(run.settings) as warehouse:
        customers = read_customers(warehouse, model, run.as_of)
        last_training = _last_training(warehouse, run, model_name)
        scoring = _judge(run, model_name, len(customers), trained_as_of, last_training)
        rows = _as_rows(run, scoring, customers["customer_id"], _probabilities(run, model, trained_as_of, customers))
        warehouse.replace_rows("scores", rows, {"model_name": model_name, "as_of_date": run.as_of})
    get_logger().info("customers_scored", model=model_name, scores=scoring.score_count, reason=scoring.reason)
    return scoring


def _last_training(warehouse: Warehouse, run: RunContext, model_name: str) -> tuple[date, str] | None:
    """The day of the newest training up to this run, and what it concluded."""
    if not warehouse.has_table("pipeline", "model_evaluations"):
        return None
    found = warehouse.rows(
        "select as_of_date, reason from pipeline.model_evaluations where model_name = ? and as_of_date <= ? "
        "order by as_of_date desc limit 1",
        [model_name, run.as_of],
    )
    return found[0] if found else None


def _judge(
    run: RunContext,
    model_name: str,
    customer_count: int,
    trained_as_of: date | None,
    last_training: tuple[date, str] | None,
) -> Scoring:
    """Say whether there will be scores and whether they are stale.

    Stale means: a newer training was refused, so an older model is still used, or the model is over a month old.
    """
    if trained_as_of is None:
        conclusion = last_training[1] if last_training else "It was never trained."
        reason = f"No scores: no training up to {run.as_of} gave a model that may be used. {conclusion}"
        return Scoring(model_name, 0, None, is_stale=False, reason=reason)
    if customer_count == 0:
        reason = f"No scores: the features hold no customer at {run.as_of}."
        return Scoring(model_name, 0, trained_as_of, is_stale=False, reason=reason)
    stale = _why_stale(run, trained_as_of, last_training)
    return Scoring(model_name, customer_count, trained_as_of, is_stale=bool(stale), reason=stale)


def _why_stale(run: RunContext, trained_as_of: date, last_training: tuple[date, str] | None) -> str:
    if last_training and last_training[0] > trained_as_of:
        day, conclusion = last_training
        return f"Stale: still the model of {trained_as_of}; the training of {day} gave none. {conclusion}"
    if (run.as_of - trained_as_of).days > MAX_AGE_DAYS:
        return f"Stale: the model was trained as of {trained_as_of}, more than {MAX_AGE_DAYS} days before {run.as_of}."
    return ""


def _probabilities(run: RunContext, model: "Model", trained_as_of: date | None, customers: pd.DataFrame) -> list[float]:
    from ml.artifacts import load_estimator
    from ml.score import probabilities

    if trained_as_of is None:
        return []
    estimator = load_estimator(run.settings.artifacts_dir, model, trained_as_of)
    return [float(value) for value in probabilities(estimator, customers[list(model.columns)])]


def _as_rows(run: RunContext, scoring: Scoring, customers: "pd.Series[str]", probabilities: list[float]) -> pa.Table:
    times = scoring.score_count
    return pa.table(
        {
            "model_name": pa.array([scoring.model_name] * times, pa.string()),
            "customer_id": pa.array(customers.head(times), pa.string()),
            "as_of_date": pa.array([run.as_of] * times, pa.date32()),
            "probability": pa.array(probabilities, pa.float64()),
            "trained_as_of_date": pa.array([scoring.trained_as_of] * times, pa.date32()),
            "is_stale": pa.array([scoring.is_stale] * times, pa.bool_()),
        }
    )
