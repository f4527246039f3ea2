"""What a model is: the label it learns, the columns it sees, and how its estimators are built."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from c360.core.errors import ConfigurationError

KEY_COLUMNS = ("customer_id", "as_of_date")
"""What every feature and label table is keyed by."""


class Classifier(Protocol):
    """The part of a scikit-learn classifier that is used here."""

    def fit(self, rows: pd.DataFrame, labels: "pd.Series[int]") -> object:
        """Learn from `rows`; the label is 1 or 0."""

    def predict_proba(self, rows: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Two columns a row: the probability of 0 and the probability of 1."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Every parameter the estimator was built with."""


@dataclass(frozen=True)
class Label:
    """What came true after a cut-off: `features.<table>.<column>`, decided by [cut-off, cut-off + horizon_days)."""

    table: str
    column: str
    horizon_days: int


@dataclass(frozen=True)
class Model:
    """One prediction about a customer.

    Attributes:
        name: the stem of its file, and its name in artifacts, evaluations and scores.
        label: what it predicts; the score is the probability that the label is true.
        features: columns by table of the schema `features`; the first table says who is scored.
        baseline_columns: the few columns of the baseline it must beat.
        build_estimator: makes a fresh estimator, with a fixed seed; missing values and empty columns must not stop it.
        build_baseline: makes a fresh baseline.
        trusted_types: types beyond the default ones that an artifact may hold; opening refuses every other.

    Raises:
        ConfigurationError: a key or the label is among the features, a column comes twice, or the baseline uses a
            column that the model does not have.
    """

    name: str
    label: Label
    features: Mapping[str, tuple[str, ...]]
    baseline_columns: tuple[str, ...]
    build_estimator: Callable[[], Classifier]
    build_baseline: Callable[[], Classifier]
    trusted_types: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = [*_forbidden_columns(self), *_repeated_columns(self), *_unknown_baseline_columns(self)]
        if faults:
            raise ConfigurationError(f"ml/models/{self.name}.py is wrong: {'; '.join(faults)}. Mend its `MODEL`.")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every feature column, in the order the estimator sees them."""
        return tuple(column for columns in self.features.values() for column in columns)


def _forbidden_columns(model: Model) -> list[str]:
    forbidden = {model.label.column: "the label", **dict.fromkeys(KEY_COLUMNS, "a key")}
    faults = [f"`{column}` is {forbidden[column]}, not a feature" for column in model.columns if column in forbidden]
    if model.label.table in model.features:
        faults.append(f"`{model.label.table}` is the table of the label and gives no features")
    return faults


def _repeated_columns(model: Model) -> list[str]:
    return [f"`{column}` is named {times} times" for column, times in Counter(model.columns).items() if times > 1]


def _unknown_baseline_columns(model: Model) -> list[str]:
    unknown = [column for column in model.baseline_columns if column not in model.columns]
    return [f"the baseline column `{column}` is not among the features" for column in unknown]
