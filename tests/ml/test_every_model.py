"""What must hold for every model there is, present and future."""

import numpy as np
import pandas as pd
import pytest

from ml.model import KEY_COLUMNS
from ml.registry import find_model, model_names
from ml.score import probabilities
from ml.skops_file import to_bytes
from ml.train import train_model

NAMES = model_names()


def test_the_sweep_finds_models() -> None:
    """The tests below run over at least the churn model."""
    assert "churn" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_same_rows_give_the_same_bytes(name: str, labelled_rows) -> None:
    """Training twice on the same rows gives the same artifact, to the byte, with no type that opening would refuse."""
    model = find_model(name)
    rows = labelled_rows(model)
    estimators = [train_model(model, rows).estimator for _ in range(2)]
    assert None not in estimators
    first, second = (to_bytes(estimator, model.trusted_types) for estimator in estimators)
    assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_the_label_and_the_keys_are_not_seen(name: str) -> None:
    """No estimator sees the label or who the customer is."""
    model = find_model(name)
    assert not {model.label.column, *KEY_COLUMNS} & set(model.columns)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("awkward", [np.nan, 0.0, -50.0])
def test_awkward_columns_do_not_stop_it(name: str, awkward: float, labelled_rows) -> None:
    """A shop without one kind of source has columns without a value, and returns make amounts negative: all go on."""
    model = find_model(name)
    rows: pd.DataFrame = labelled_rows(model).assign(**dict.fromkeys(model.columns[:-1], awkward))
    estimator = model.build_estimator()
    estimator.fit(rows[list(model.columns)], rows[model.label.column])
    chances = probabilities(estimator, rows[list(model.columns)])
    assert ((chances >= 0) & (chances <= 1)).all()
    assert len(set(chances)) > 1
