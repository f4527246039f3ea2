"""A small world of labelled customers in which the columns beside the baseline's carry the signal."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from ml.model import Model
from ml.registry import find_model

AS_OF = date(2026, 7, 1)
CUSTOMERS_PER_CUTOFF = 150

Rows = Callable[[Model], pd.DataFrame]


@pytest.fixture(scope="session")
def churn() -> Model:
    """The churn model, which stands for any."""
    return find_model("churn")


@pytest.fixture(scope="session")
def labelled_rows() -> Rows:
    """Four labelled cut-offs, 90 days apart; the label follows the model's last column, never its baseline."""

    def build(model: Model) -> pd.DataFrame:
        random = np.random.default_rng(7)
        days = [AS_OF - timedelta(days=90 * step) for step in (4, 3, 2, 1)]
        return pd.concat([_one_cutoff(model, day, random) for day in days], ignore_index=True)

    return build


@pytest.fixture(scope="session")
def rows(churn: Model, labelled_rows: Rows) -> pd.DataFrame:
    """The labelled world of the churn model."""
    return labelled_rows(churn)


def _one_cutoff(model: Model, day: date, random: np.random.Generator) -> pd.DataFrame:
    features = random.exponential(10.0, size=(CUSTOMERS_PER_CUTOFF, len(model.columns)))
    frame = pd.DataFrame(features, columns=list(model.columns))
    signal = frame[model.columns[-1]] + random.normal(0.0, 5.0, CUSTOMERS_PER_CUTOFF)
    frame.insert(0, "customer_id", [f"c_{number:016x}" for number in range(CUSTOMERS_PER_CUTOFF)])
    frame.insert(1, "as_of_date", pd.Timestamp(day))
    frame[model.label.column] = (signal > 8.0).astype(int)
    frame.loc[::3, model.columns[1]] = np.nan
    return frame
