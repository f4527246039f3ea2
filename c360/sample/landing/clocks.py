"""The clock of Paris, on which stores and offices of the sample shop live."""

import numpy as np

from c360.sample.draws import Positions
from c360.sample.timeline import Moments

SUMMER_SECONDS, WINTER_SECONDS = 7200, 3600
"""How far the clock of Paris is ahead of UTC."""
FIRST_YEAR, LAST_YEAR = 1996, 2100
"""Years in which the European rule holds, as far as anybody knows."""


def _last_sundays(month: int) -> Moments:
    first_of_next = np.array([f"{year}-{month + 1:02d}-01" for year in range(FIRST_YEAR, LAST_YEAR)], "datetime64[D]")
    last = first_of_next - 1
    return np.asarray(last - (last.astype("int64") + 4) % 7)  # 1970-01-01 was a Thursday


def _changes(month: int) -> Moments:
    return np.asarray(_last_sundays(month).astype("datetime64[s]") + np.timedelta64(1, "h"))


CHANGES = np.sort(np.concatenate((_changes(3), _changes(10))))
"""When the clocks of Europe change, UTC: forward and back by turns."""
CHANGES_BACK = _changes(10)
"""When they change back, UTC: the hour on Paris clocks before this moment comes a second time after it."""


def paris_offset_seconds(moments: Moments) -> Positions:
    """How far the clock of Paris is ahead at each UTC moment."""
    is_summer = np.searchsorted(CHANGES, moments.astype("datetime64[s]"), side="right") % 2 == 1
    return np.where(is_summer, SUMMER_SECONDS, WINTER_SECONDS)


def paris(moments: Moments) -> Moments:
    """UTC moments as the clock of Paris shows them."""
    return np.asarray(moments.astype("datetime64[s]") + paris_offset_seconds(moments).astype("timedelta64[s]"))


def utc_of_paris(wall: Moments) -> Moments:
    """What a clock of Paris shows as UTC moments; of an hour that comes twice, the second."""
    seconds = wall.astype("datetime64[s]")
    as_winter: Moments = np.asarray(seconds + np.timedelta64(-WINTER_SECONDS, "s"))
    as_summer: Moments = np.asarray(seconds + np.timedelta64(-SUMMER_SECONDS, "s"))
    is_summer = paris_offset_seconds(as_winter) == SUMMER_SECONDS
    return np.asarray(np.where(is_summer, as_summer, as_winter))
