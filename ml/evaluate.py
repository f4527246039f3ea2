"""Tests a model on later customers, beside its baseline, and decides whether it may be used."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from ml.model import Classifier, Model
from ml.score import probabilities
from ml.split import TimeSplit

DECIDING_METRIC = "roc_auc"
"""The metric on which the model must be above its baseline: audiences use the order of the scores."""
METRICS = (DECIDING_METRIC, "average_precision", "brier_score", "log_loss")
"""Every metric recorded. The first two are better when higher, the last two when lower."""
MIN_CLASS_ROWS = 20
"""How many customers of each outcome both the past and the later time need before a comparison says anything."""


@dataclass(frozen=True)
class Metric:
    """One metric of the model and of its baseline; None when they could not be compared."""

    name: str
    model_value: float | None
    baseline_value: float | None


@dataclass(frozen=True)
class Evaluation:
    """How a model did against its baseline on the test cut-off, whether it may be used, and why."""

    metrics: tuple[Metric, ...]
    is_used: bool
    reason: str
    train_row_count: int
    test_row_count: int
    test_cutoff: date | None


def evaluate(model: Model, split: TimeSplit) -> Evaluation:
    """Fit the model and its baseline on the past and compare them on later customers."""
    shortage = _shortage(model, split)
    metrics = _unknown() if shortage else _compare(model, split)
    is_used, verdict = (False, shortage) if shortage else _verdict(metrics[0])
    return Evaluation(metrics, is_used, verdict, len(split.train), len(split.test), split.test_cutoff)


def _shortage(model: Model, split: TimeSplit) -> str:
    if split.test.empty:
        return "Not used: there are no labelled customers yet."
    if split.train.empty:
        return (
            f"Not used: no cut-off lies {split.horizon_days} days or more before the test cut-off {split.test_cutoff}, "
            "so there is no past to learn from."
        )
    return _class_shortage(split.train[model.label.column], "to learn from") or _class_shortage(
        split.test[model.label.column], "to test on"
    )


def _class_shortage(labels: "pd.Series[int]", use: str) -> str:
    positives = int(labels.sum())
    negatives = len(labels) - positives
    if min(positives, negatives) >= MIN_CLASS_ROWS:
        return ""
    return (
        f"Not used: of {len(labels)} customers {use}, the label is true for {positives} and false for {negatives}; "
        f"both need at least {MIN_CLASS_ROWS}."
    )


def _unknown() -> tuple[Metric, ...]:
    return tuple(Metric(name, None, None) for name in METRICS)


def _compare(model: Model, split: TimeSplit) -> tuple[Metric, ...]:
    candidate = _measure(model.build_estimator(), model.columns, model.label.column, split)
    baseline = _measure(model.build_baseline(), model.baseline_columns, model.label.column, split)
    return tuple(Metric(name, candidate[name], baseline[name]) for name in METRICS)


def _measure(estimator: Classifier, columns: tuple[str, ...], label: str, split: TimeSplit) -> dict[str, float]:
    from sklearn import metrics

    estimator.fit(split.train[list(columns)], split.train[label])
    predicted, actual = probabilities(estimator, split.test[list(columns)]), split.test[label]
    return {
        "roc_auc": float(metrics.roc_auc_score(actual, predicted)),
        "average_precision": float(metrics.average_precision_score(actual, predicted)),
        "brier_score": float(metrics.brier_score_loss(actual, predicted)),
        "log_loss": float(metrics.log_loss(actual, predicted)),
    }


def _verdict(deciding: Metric) -> tuple[bool, str]:
    value, baseline = deciding.model_value or 0.0, deciding.baseline_value or 0.0
    is_used = value > baseline
    words = "Used: ROC AUC {:.4f} is above" if is_used else "Not used: ROC AUC {:.4f} is not above"
    return is_used, f"{words.format(value)} the baseline's {baseline:.4f} on later customers."
