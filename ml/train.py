"""Trains a model: tested on later time first, then fitted again on everything known."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from ml.evaluate import Evaluation, evaluate
from ml.model import Classifier, Model
from ml.split import cutoffs, split_by_time
from ml.threads import one_thread


@dataclass(frozen=True)
class Training:
    """What a training gave.

    `estimator` is None when the model may not be used. It is fitted on the rows of all `cutoffs`, the test cut-off too,
    so it is not the very estimator that was measured, but the same recipe with newer customers in it.
    """

    model: Model
    evaluation: Evaluation
    estimator: Classifier | None
    cutoffs: tuple[date, ...]
    row_count: int


def train_model(model: Model, rows: pd.DataFrame) -> Training:
    """Evaluate `model` on labelled `rows` and, when it beats its baseline, fit it on all of them.

    Raises:
        C360Error: the split would let the model see its test window.
    """
    with one_thread():
        evaluation = evaluate(model, split_by_time(rows, model.label.horizon_days))
        estimator = _fit(model, rows) if evaluation.is_used else None
    return Training(model, evaluation, estimator, tuple(cutoffs(rows)), len(rows))


def _fit(model: Model, rows: pd.DataFrame) -> Classifier:
    estimator = model.build_estimator()
    estimator.fit(rows[list(model.columns)], rows[model.label.column])
    return estimator
