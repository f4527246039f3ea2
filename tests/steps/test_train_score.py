import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from c360.core.errors import C360Error, ConfigurationError
from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.core.warehouse import open_warehouse
from c360.steps.score import score
from c360.steps.train import train
from ml.model import Model
from ml.registry import find_model

AS_OF = date(2026, 7, 1)
CUSTOMERS = 120


@pytest.fixture
def run(tmp_path: Path) -> RunContext:
    """A run whose warehouse holds features that predict the label."""
    run = RunContext(as_of=AS_OF, run_id="test", settings=Settings(data_dir=tmp_path))
    _fill(run, lambda signal: signal > 8.0)
    return run


def _fill(run: RunContext, is_churned: Callable[[pd.Series], pd.Series]) -> None:
    """Write the feature tables for the day of the run and four cut-offs before, and the labels of the latter."""
    model = find_model("churn")
    random = np.random.default_rng(3)
    days = [run.as_of - timedelta(days=90 * step) for step in range(5)]
    frame = pd.concat([_features(model, day, random) for day in days], ignore_index=True)
    labels = frame.loc[frame["as_of_date"] < pd.Timestamp(run.as_of), ["customer_id", "as_of_date"]].assign(
        is_churned=is_churned(frame["days_since_last_web_event"])
    )
    with open_warehouse(run.settings) as warehouse:
        warehouse.execute("create schema if not exists features")
        for table, columns in model.features.items():
            _write(warehouse, table, frame[["customer_id", "as_of_date", *columns]])
        _write(warehouse, model.label.table, labels)


def _features(model: Model, day: date, random: np.random.Generator) -> pd.DataFrame:
    frame = pd.DataFrame(random.exponential(10.0, (CUSTOMERS, len(model.columns))), columns=list(model.columns))
    return frame.assign(customer_id=[f"c_{number:016x}" for number in range(CUSTOMERS)], as_of_date=pd.Timestamp(day))


def _write(warehouse: Any, table: str, frame: pd.DataFrame) -> None:
    import pyarrow as pa

    warehouse.write("incoming", pa.Table.from_pandas(frame, preserve_index=False))
    warehouse.execute(
        f"create or replace table features.{table} as "
        "select * replace (cast(as_of_date as date) as as_of_date) from pipeline.incoming"
    )


def _read(run: RunContext, table: str) -> pd.DataFrame:
    with open_warehouse(run.settings) as warehouse:
        return warehouse.frame(f"select * from pipeline.{table} order by all")


def _never(signal: pd.Series) -> pd.Series:
    return signal < 0


def test_training_records_one_row_per_metric_and_leaves_an_artifact(run: RunContext) -> None:
    """The evaluation of a used model has the agreed columns, and its artifact lies under the day of the run."""
    assert train(run, "churn").is_used
    rows = _read(run, "model_evaluations")
    assert list(rows.columns) == [
        "model_name", "as_of_date", "metric_name", "model_value", "baseline_value", "is_used", "train_row_count",
        "test_row_count", "test_cutoff_date", "reason",
    ]  # fmt: skip
    assert sorted(rows["metric_name"]) == ["average_precision", "brier_score", "log_loss", "roc_auc"]
    assert rows["is_used"].all()
    assert set(rows["test_cutoff_date"]) == {pd.Timestamp(AS_OF - timedelta(days=90))}
    files = run.settings.artifacts_dir.rglob("*")
    assert sorted(path.relative_to(run.settings.artifacts_dir).as_posix() for path in files if path.is_file()) == [
        "churn/2026-07-01/card.json",
        "churn/2026-07-01/model.skops",
    ]


def test_training_and_scoring_again_changes_nothing(run: RunContext) -> None:
    """Every table row and every byte is the same after a second run of the same day."""

    def state() -> tuple[Any, ...]:
        train(run, "churn")
        score(run, "churn")
        files = {path: path.read_bytes() for path in run.settings.artifacts_dir.rglob("*.*") if path.is_file()}
        return files, _read(run, "model_evaluations").to_csv(), _read(run, "scores").to_csv()

    first = state()
    assert len(first[0]) == 2
    assert state() == first


def test_every_customer_of_the_day_gets_one_fresh_score(run: RunContext) -> None:
    """Scores cover the customers of the features at the day of the run, follow the signal, and are not stale."""
    train(run, "churn")
    scoring = score(run, "churn")
    rows = _read(run, "scores")
    assert scoring.score_count == len(rows) == rows["customer_id"].nunique() == CUSTOMERS
    assert list(rows.columns) == [
        "model_name", "customer_id", "as_of_date", "probability", "trained_as_of_date", "is_stale",
    ]  # fmt: skip
    assert rows["probability"].between(0, 1).all()
    assert not rows["is_stale"].any()
    assert set(rows["trained_as_of_date"]) == {pd.Timestamp(AS_OF)}
    with open_warehouse(run.settings) as warehouse:
        means = warehouse.rows(
            "select avg(probability) from pipeline.scores join features.ftr_customers__engagement "
            "using (customer_id, as_of_date) group by days_since_last_web_event > 8 "
            "order by days_since_last_web_event > 8"
        )
    assert means[1][0] > means[0][0] + 0.3


def test_a_refused_training_keeps_the_last_good_model_and_marks_it_stale(run: RunContext) -> None:
    """When the newest training fails, customers are scored by the older model, marked stale, with the reason."""
    train(run, "churn")
    later = replace(run, as_of=AS_OF + timedelta(days=7))
    _fill(later, _never)
    assert not train(later, "churn").is_used
    scoring = score(later, "churn")
    assert scoring.is_stale
    assert "still the model of 2026-07-01" in scoring.reason
    assert "false for" in scoring.reason
    rows = _read(later, "scores")
    assert (set(rows["trained_as_of_date"]), rows["is_stale"].all()) == ({pd.Timestamp(AS_OF)}, True)


@pytest.mark.parametrize(("days", "is_stale"), [(31, False), (32, True)])
def test_a_model_over_a_month_old_gives_stale_scores(run: RunContext, days: int, is_stale: bool) -> None:
    """Without a newer training, a model stays fresh for 31 days."""
    train(run, "churn")
    later = replace(run, as_of=AS_OF + timedelta(days=days))
    _fill(later, _never)
    assert score(later, "churn").is_stale == is_stale
    assert _read(later, "scores")["is_stale"].unique().tolist() == [is_stale]


def test_scores_of_other_days_stay(run: RunContext) -> None:
    """Scoring a day replaces the scores of that day and model only."""
    train(run, "churn")
    score(run, "churn")
    later = replace(run, as_of=AS_OF + timedelta(days=7))
    _fill(later, _never)
    score(later, "churn")
    score(later, "churn")
    assert _read(run, "scores")["as_of_date"].value_counts().tolist() == [CUSTOMERS, CUSTOMERS]


def test_a_model_from_the_future_scores_nobody(run: RunContext) -> None:
    """A run about an earlier day does not use a model that was trained later."""
    train(run, "churn")
    earlier = replace(run, as_of=AS_OF - timedelta(days=7))
    _fill(earlier, _never)
    scoring = score(earlier, "churn")
    assert scoring.score_count == 0
    assert "It was never trained." in scoring.reason


def test_without_a_usable_model_the_table_is_there_and_empty(run: RunContext) -> None:
    """No model has won yet: no scores, an empty table of the agreed types, and a reason that says what is lacking."""
    _fill(run, _never)
    train(run, "churn")
    scoring = score(run, "churn")
    assert (scoring.score_count, scoring.trained_as_of, scoring.is_stale) == (0, None, False)
    assert "No scores" in scoring.reason
    assert "true for 0" in scoring.reason
    rows = _read(run, "scores")
    assert rows.empty
    with open_warehouse(run.settings) as warehouse:
        types = warehouse.rows("select typeof(column_type) from (describe pipeline.scores)")
        assert len(types) == 6
    assert not list(run.settings.artifacts_dir.rglob("*.skops"))


def test_scores_made_before_are_taken_back_when_the_model_is(run: RunContext) -> None:
    """A day that is run again on corrected data, and refused this time, keeps no scores of the withdrawn model."""
    train(run, "churn")
    score(run, "churn")
    _fill(run, _never)
    train(run, "churn")
    score(run, "churn")
    assert _read(run, "scores").empty


def test_a_day_without_customers_says_so(run: RunContext) -> None:
    """Features that hold nobody at the day of the run give no scores and a reason."""
    train(run, "churn")
    later = replace(run, as_of=AS_OF + timedelta(days=1))
    scoring = score(later, "churn")
    assert scoring.score_count == 0
    assert scoring.reason == "No scores: the features hold no customer at 2026-07-02."


def test_an_exchanged_artifact_stops_scoring(run: RunContext) -> None:
    """A model file that is not the one its card describes stops the step, and earlier scores stay."""
    train(run, "churn")
    score(run, "churn")
    card = run.settings.artifacts_dir / "churn" / AS_OF.isoformat() / "card.json"
    card.write_text(json.dumps({**json.loads(card.read_text()), "sha256": "0" * 64}))
    with pytest.raises(C360Error, match="not the file its card describes"):
        score(run, "churn")
    assert len(_read(run, "scores")) == CUSTOMERS


@pytest.mark.parametrize("step", [train, score])
def test_an_unknown_model_is_refused_by_name(run: RunContext, step: Callable[..., object]) -> None:
    """A model nobody wrote ends in a configuration error."""
    with pytest.raises(ConfigurationError, match="There is no model `chrun`"):
        step(run, "chrun")
