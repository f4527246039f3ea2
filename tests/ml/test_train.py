from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from c360.core.errors import C360Error
from ml import train
from ml.evaluate import METRICS, MIN_CLASS_ROWS
from ml.model import Model
from ml.split import TimeSplit

TRAIN_ROWS = 450
TEST_ROWS = 150


def test_a_model_that_beats_its_baseline_is_used(churn: Model, rows: pd.DataFrame) -> None:
    """Signal that only the model sees makes it win; every metric is recorded for both, every row is accounted for."""
    training = train.train_model(churn, rows)
    evaluation = training.evaluation
    assert evaluation.is_used
    assert evaluation.reason.startswith("Used: ROC AUC")
    assert tuple(metric.name for metric in evaluation.metrics) == METRICS
    assert evaluation.metrics[0].model_value > 0.8
    assert evaluation.metrics[0].baseline_value < 0.6
    assert (evaluation.train_row_count, evaluation.test_row_count) == (TRAIN_ROWS, TEST_ROWS)


def test_the_used_estimator_is_fitted_on_every_labelled_cutoff(churn: Model, rows: pd.DataFrame) -> None:
    """What scores has learnt from the test cut-off too, after it was measured without it."""
    training = train.train_model(churn, rows)
    assert training.row_count == TRAIN_ROWS + TEST_ROWS
    assert len(training.cutoffs) == 4
    on_the_past_only = churn.build_estimator()
    past = rows[rows["as_of_date"] < rows["as_of_date"].max()]
    on_the_past_only.fit(past[list(churn.columns)], past[churn.label.column])
    assert training.estimator[-1].intercept_ != pytest.approx(on_the_past_only[-1].intercept_)


def test_a_model_that_loses_to_its_baseline_is_not_used(churn: Model, rows: pd.DataFrame) -> None:
    """A column whose meaning turns round over time makes the model lose on later customers: it gives no estimator."""
    is_test = rows["as_of_date"] == rows["as_of_date"].max()
    label = rows[churn.label.column]
    misleading = rows.assign(
        recency_days=label + np.arange(len(rows)) % 2 * 0.8,
        tenure_days=np.where(is_test, 10 - 9 * label, 1 + 9 * label),
    )
    training = train.train_model(churn, misleading)
    assert not training.evaluation.is_used
    assert training.evaluation.reason.startswith("Not used: ROC AUC")
    assert training.estimator is None


def test_a_tie_is_not_a_win(churn: Model, rows: pd.DataFrame) -> None:
    """A model that is only as good as its baseline is not used: it would cost more and give nothing."""
    same = replace(churn, features={"ftr_customers__rfm": churn.baseline_columns}, build_estimator=churn.build_baseline)
    assert not train.train_model(same, rows).evaluation.is_used


@pytest.mark.parametrize(
    ("keep", "reason"),
    [
        (lambda rows: rows[:0], "no labelled customers yet"),
        (lambda rows: rows[rows["as_of_date"] == rows["as_of_date"].max()], "no past to learn from"),
        (lambda rows: rows.assign(is_churned=1), "true for 450 and false for 0"),
        (lambda rows: rows.assign(is_churned=0), "true for 0 and false for 450"),
        (lambda rows: rows.groupby("as_of_date").head(MIN_CLASS_ROWS - 1), f"both need at least {MIN_CLASS_ROWS}"),
        (
            lambda rows: rows[(rows["as_of_date"] < rows["as_of_date"].max()) | (rows["is_churned"] == 1)],
            "customers to test on, .* false for 0",
        ),
    ],
)
def test_too_little_to_compare_is_a_plain_no(churn: Model, rows: pd.DataFrame, keep, reason: str) -> None:
    """Empty, one-sided or few labels are no error: the model is not used, says why, and records empty metrics."""
    training = train.train_model(churn, keep(rows))
    assert not training.evaluation.is_used
    assert training.estimator is None
    assert pd.Series([training.evaluation.reason]).str.contains(reason).all()
    assert [metric.model_value for metric in training.evaluation.metrics] == [None] * len(METRICS)


def test_training_stops_when_the_split_leaks(churn: Model, rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in choosing the past cannot reach an estimator."""

    def learn_from_everything(rows: pd.DataFrame, horizon_days: int) -> TimeSplit:
        return TimeSplit(rows, rows[rows["as_of_date"] == rows["as_of_date"].max()], horizon_days)

    monkeypatch.setattr(train, "split_by_time", learn_from_everything)
    with pytest.raises(C360Error, match="Training stopped"):
        train.train_model(churn, rows)
