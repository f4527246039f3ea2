"""Time in the sample world: days since its start, and how such a day reads on the clocks of web shop and stores.

Inside the world a moment is a float of days since the start. Hours of the day are bent by what is usual for a channel;
the bending keeps the order of moments, so what happens first is also written first.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from c360.sample.world import Rhythm

Days = npt.NDArray[np.float64]
Moments = npt.NDArray[np.datetime64]

SECONDS_PER_DAY = 86_400
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Timeline:
    """The world's time: `day_count` days that end on the midnight before `until`."""

    until: date
    day_count: int
    rhythm: Rhythm

    @classmethod
    def of_years(cls, until: date, years: int, rhythm: Rhythm) -> "Timeline":
        """The `years` years before `until`."""
        return cls(until, round(years * DAYS_PER_YEAR), rhythm)

    @property
    def start(self) -> np.datetime64:
        """The first day of the world."""
        return np.datetime64(self.until, "D") - self.day_count

    def season_factor(self, days: Days) -> Days:
        """Activity on each day relative to the mean of the year."""
        first_of_year = self.start.astype("datetime64[Y]").astype("datetime64[D]")
        day_of_year = days + float((self.start - first_of_year).astype("int64") + 1)
        phase = 2 * np.pi * (day_of_year - self.rhythm.peak_day_of_year) / DAYS_PER_YEAR
        return np.asarray(1 + self.rhythm.season_amplitude * np.cos(phase))

    def dates(self, days: Days) -> Moments:
        """The calendar day of each moment, before and after the world too."""
        return np.asarray(self.start + np.floor(days).astype("int64"))

    def birth_dates(self, years: Days) -> Moments:
        """The days of birth of people who are so many years old when the world ends."""
        return self.dates(self.day_count - years * DAYS_PER_YEAR)

    def seconds(self, days: Days) -> Moments:
        """The second of each moment on a UTC clock that no hour of the day is dearer to than another."""
        return np.asarray(self.start.astype("datetime64[s]") + np.floor(days * SECONDS_PER_DAY).astype("int64"))

    def web_times(self, days: Days) -> Moments:
        """The second of each moment on a UTC clock, at the hours people are online."""
        return self._on_clock(days, self.rhythm.web_hour_weights)

    def web_seconds(self, days: Days) -> Days:
        """The same as whole seconds since the start of the world."""
        since_start = self.web_times(days) - self.start.astype("datetime64[s]")
        return np.asarray(since_start.astype("int64").astype(float))

    def store_times(self, days: Days) -> Moments:
        """The second of each moment on the wall clock in Paris, at opening hours."""
        return self._on_clock(days, self.rhythm.store_hour_weights)

    def _on_clock(self, days: Days, hour_weights: tuple[int, ...]) -> Moments:
        whole = np.floor(days)
        seconds = np.minimum(_bend(days - whole, hour_weights) * SECONDS_PER_DAY, SECONDS_PER_DAY - 1)
        since_start = (whole * SECONDS_PER_DAY + np.floor(seconds)).astype("int64")
        return np.asarray(self.start.astype("datetime64[s]") + since_start)


def _bend(fraction: Days, hour_weights: tuple[int, ...]) -> Days:
    """The fraction of the day at which `fraction` of the day's activity has happened."""
    happened = np.concatenate(([0.0], np.cumsum(hour_weights) / sum(hour_weights)))
    return np.asarray(np.interp(fraction, happened, np.arange(len(happened)) / len(hour_weights)))
