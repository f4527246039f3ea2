"""The kinds of chance the sample world is made of, each over whole columns at once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from c360.sample.timeline import Days, Timeline

Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]


def happens(rng: np.random.Generator, share: float | Days, count: int) -> Flags:
    """Whether each of `count` independent chances of probability `share` comes true."""
    return np.asarray(rng.random(count) < share)


def pick(rng: np.random.Generator, weights: Sequence[float] | Days, count: int) -> Positions:
    """`count` positions in `weights`, each drawn in proportion to its weight."""
    reached = np.cumsum(np.asarray(weights, dtype=float))
    return np.asarray(np.searchsorted(reached, rng.random(count) * reached[-1], side="right"), dtype=np.int64)


def spread(rng: np.random.Generator, deviation: float, count: int) -> Days:
    """Log-normal factors with median 1."""
    return np.asarray(np.exp(rng.normal(0.0, deviation, count)))


def at(values: pd.Series, positions: Positions | pd.Series, *, or_missing: bool = False) -> pd.Series:
    """The value at each of `positions`, and with `or_missing` none at position -1."""
    return pd.Series(values.array.take(np.asarray(positions), allow_fill=or_missing))


def texts(values: Sequence[str], positions: Positions) -> pd.Series:
    """The value at each of `positions`."""
    return pd.Series(pd.array(list(values), dtype="str").take(positions))


def moments(
    rng: np.random.Generator, rate_per_day: Days, start: Days, end: Days, timeline: Timeline
) -> tuple[Positions, Days]:
    """Moments of one Poisson process per row, between its `start` and `end` day and swinging with the season.

    Returns:
        The row each moment belongs to, and the day it falls on.
    """
    span = np.maximum(end - start, 0.0)
    peak = 1 + timeline.rhythm.season_amplitude
    count = rng.poisson(rate_per_day * span * peak)
    row = np.repeat(np.arange(len(count)), count)
    day = start[row] + rng.random(len(row)) * span[row]
    is_kept = rng.random(len(row)) * peak < timeline.season_factor(day)
    return row[is_kept], day[is_kept]
