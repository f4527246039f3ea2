"""Past and future: which rows a model may learn from and which later rows it is tested on."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from c360.core.errors import C360Error


@dataclass(frozen=True)
class TimeSplit:
    """Rows to learn from and later rows to test on.

    A label at a cut-off is decided by the days [cut-off, cut-off + horizon_days). All of these days must lie before the
    test cut-off, or the model would have seen part of what it is asked to predict.

    Raises:
        C360Error: the label window of a training row reaches into the test window.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    horizon_days: int

    def __post_init__(self) -> None:
        if leaking := [day for day in self.train_cutoffs if not self._is_settled(day)]:
            raise C360Error(
                f"Training stopped: the labels of cut-off {leaking[-1]} look {self.horizon_days} days ahead, past the "
                f"test cut-off {self.test_cutoff}, so the test would measure what the model has already seen. Train "
                "only on cut-offs whose label window ends on or before the test cut-off."
            )

    @property
    def train_cutoffs(self) -> list[date]:
        """The cut-offs learnt from, oldest first."""
        return cutoffs(self.train)

    @property
    def test_cutoff(self) -> date | None:
        """The cut-off tested on; None when there is nothing to test on."""
        return min(cutoffs(self.test), default=None)

    def _is_settled(self, day: date) -> bool:
        return self.test_cutoff is None or (self.test_cutoff - day).days >= self.horizon_days


def split_by_time(rows: pd.DataFrame, horizon_days: int) -> TimeSplit:
    """Test on the newest cut-off; learn from the cut-offs whose label windows have ended by then."""
    newest = rows["as_of_date"].max()
    is_settled = rows["as_of_date"] + pd.Timedelta(days=horizon_days) <= newest
    return TimeSplit(rows[is_settled], rows[rows["as_of_date"] == newest], horizon_days)


def cutoffs(rows: pd.DataFrame) -> list[date]:
    """The cut-offs in `rows`, oldest first."""
    return [day.date() for day in sorted(rows["as_of_date"].unique())]
