from dataclasses import replace
from typing import Any

import pytest

from c360.core.errors import ConfigurationError
from ml.model import Label, Model


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"features": {"ftr_a": ("recency_days", "is_churned")}}, "`is_churned` is the label"),
        ({"features": {"ftr_a": ("recency_days", "customer_id")}}, "`customer_id` is a key"),
        ({"features": {"ftr_a": ("recency_days",), "lbl_churn": ("days_until_next_order",)}}, "table of the label"),
        ({"features": {"ftr_a": ("recency_days",), "ftr_b": ("recency_days",)}}, "named 2 times"),
        ({"baseline_columns": ("tenure_days",)}, "`tenure_days` is not among the features"),
    ],
)
def test_a_model_that_could_cheat_or_break_is_refused(churn: Model, change: dict[str, Any], fault: str) -> None:
    """The label, its table and the keys are never features; columns are named once; the baseline uses known columns."""
    sound = replace(churn, features={"ftr_a": ("recency_days",)}, baseline_columns=("recency_days",))
    with pytest.raises(ConfigurationError, match=fault):
        replace(sound, **change)


def test_columns_keep_the_order_of_their_tables(churn: Model) -> None:
    """The estimator sees the columns in the order the model names them."""
    model = replace(
        churn, label=Label("lbl", "is_true", 30), features={"b": ("z", "a"), "a": ("y",)}, baseline_columns=("a",)
    )
    assert model.columns == ("z", "a", "y")
