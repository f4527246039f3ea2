from datetime import date, timedelta

import pandas as pd
import pytest

from c360.core.errors import C360Error
from ml.split import TimeSplit, split_by_time

TEST_CUTOFF = date(2026, 4, 2)


def _rows(*days_before_test: int) -> pd.DataFrame:
    days = [pd.Timestamp(TEST_CUTOFF - timedelta(days=days)) for days in days_before_test]
    return pd.DataFrame({"as_of_date": pd.to_datetime(days)})


def test_the_newest_cutoff_is_tested_and_settled_ones_are_learnt_from() -> None:
    """The test is the newest cut-off; the past is every cut-off whose label window has ended by then."""
    split = split_by_time(_rows(180, 90, 0), 90)
    assert split.test_cutoff == TEST_CUTOFF
    assert split.train_cutoffs == [TEST_CUTOFF - timedelta(days=180), TEST_CUTOFF - timedelta(days=90)]


def test_a_cutoff_whose_label_is_still_open_is_left_out() -> None:
    """A cut-off whose label window reaches past the test cut-off is neither learnt from nor tested on."""
    split = split_by_time(_rows(91, 89, 30, 0), 90)
    assert split.train_cutoffs == [TEST_CUTOFF - timedelta(days=91)]
    assert len(split.test) == 1


@pytest.mark.parametrize("days_before", [0, 1, 89])
def test_a_split_that_leaks_cannot_be_built(days_before: int) -> None:
    """A training label window that reaches into the test window stops the training, whoever made the split."""
    with pytest.raises(C360Error, match="past the test cut-off 2026-04-02"):
        TimeSplit(train=_rows(180, days_before), test=_rows(0), horizon_days=90)


def test_a_label_window_may_end_on_the_test_cutoff() -> None:
    """Windows are half open: the last day of a label may be the day before the test cut-off."""
    assert TimeSplit(train=_rows(90), test=_rows(0), horizon_days=90).test_cutoff == TEST_CUTOFF


def test_a_leak_into_the_earliest_of_several_test_cutoffs_counts() -> None:
    """With several test cut-offs the earliest one bounds what may be learnt from."""
    with pytest.raises(C360Error):
        TimeSplit(train=_rows(90), test=_rows(30, 0), horizon_days=90)


def test_no_rows_split_into_nothing() -> None:
    """Without labelled rows there is neither past nor test."""
    split = split_by_time(_rows(), 90)
    assert split.test_cutoff is None
    assert split.train.empty
