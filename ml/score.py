"""Scores customers with a fitted estimator."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.model import Classifier
from ml.threads import one_thread


def probabilities(estimator: Classifier, rows: pd.DataFrame) -> npt.NDArray[np.float64]:
    """The probability, for each row, that the label is true."""
    if rows.empty:
        return np.empty(0)
    with one_thread():
        return estimator.predict_proba(rows)[:, 1]
