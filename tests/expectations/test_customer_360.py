"""The customer 360 suite passes good data and fails on each planted fault."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from c360.core.errors import ConfigurationError
from expectations.gates import check
from expectations.previous import Previous
from expectations.suites.customer_360 import rules

AS_OF = date(2026, 7, 1)
PREVIOUS = Previous(customer_count=3, order_count=7)


def good_rows() -> pd.DataFrame:
    """Four customers, one of whom never bought: a visitor known by a device alone."""
    return pd.DataFrame(
        {
            "customer_id": ["c_1", "c_2", "c_3", "c_4"],
            "as_of_date": [pd.Timestamp(AS_OF)] * 4,
            "days_since_last_order": [0, 3, 400, None],
            "order_count": [4, 2, 1, 0],
            "is_anonymous": [False, False, False, True],
            "revenue_amount": [120.0, 40.5, -9.0, 0.0],
            "rfm_recency_score": [5, 3, None, None],
            "rfm_frequency_score": [5, 1, None, None],
            "rfm_monetary_score": [5, 1, None, None],
        }
    )


def setting(column: str, values: list[object]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda rows: rows.assign(**{column: values})


FAULTS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "there are customers": lambda rows: rows.head(0),
    "every customer has an id": setting("customer_id", ["c_1", "c_2", "c_3", None]),
    "every customer appears once": setting("customer_id", ["c_1", "c_2", "c_3", "c_3"]),
    "every row speaks about the run's date": setting("as_of_date", [pd.Timestamp("2026-06-30")] * 4),
    "no order lies in the future": setting("days_since_last_order", [-1, 3, 400, None]),
    "the newest order is recent": setting("days_since_last_order", [8, 30, 400, None]),
    "revenue is positive in total": setting("revenue_amount", [0.0, 0.0, -9.0, 0.0]),
    "rfm_recency_score lies between 1 and 5": setting("rfm_recency_score", [6, 3, None, None]),
    "rfm_frequency_score lies between 1 and 5": setting("rfm_frequency_score", [0, 3, None, None]),
    "rfm_monetary_score lies between 1 and 5": setting("rfm_monetary_score", [5, 7, None, None]),
    "the number of known customers is like the previous version's": setting("is_anonymous", [True] * 4),
    "the number of orders is like the previous version's": setting("order_count", [40, 2, 1, 0]),
}


def broken(rows: pd.DataFrame, previous: Previous | None = PREVIOUS) -> list[str]:
    return [result.rule for result in check("customer_360", rows, AS_OF, previous) if not result.is_passed]


def test_every_rule_has_a_planted_fault() -> None:
    """A rule without a fault that breaks it could be a rule that cannot fail."""
    assert len(FAULTS) >= 12
    assert set(FAULTS) == set(rules(AS_OF, PREVIOUS))


def test_good_rows_pass() -> None:
    """Nothing is broken in good rows, with or without a previous version."""
    assert broken(good_rows()) == []
    assert broken(good_rows(), previous=None) == []


def test_a_wave_of_visitors_passes() -> None:
    """However many anonymous visitors a day brings, what is compared is the customers who are known."""
    visitors = good_rows().tail(1)
    wave = [visitors.assign(customer_id=f"c_visitor_{number}") for number in range(40)]

    assert broken(pd.concat([good_rows(), *wave], ignore_index=True)) == []


@pytest.mark.parametrize("rule", FAULTS)
def test_planted_fault_breaks_its_rule(rule: str) -> None:
    """The planted fault breaks the rule that names it."""
    assert rule in broken(FAULTS[rule](good_rows()))


def test_missing_column_breaks_the_gate() -> None:
    """A rule that cannot be evaluated counts as broken, never as passed."""
    assert "revenue is positive in total" in broken(good_rows().drop(columns="revenue_amount"))


def test_unknown_gate_says_which_file_is_missing() -> None:
    """The error names the file to write."""
    with pytest.raises(ConfigurationError, match=r"expectations/suites/nothing\.py"):
        check("nothing", good_rows(), AS_OF, None)
