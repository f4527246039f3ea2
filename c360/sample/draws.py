"""The kinds of chance the sample world is made of, each over whole columns at once."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

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


def distinct(rng: np.random.Generator, count: int, below: int) -> Positions:
    """`count` different whole numbers from 0 up to `below`, in no order that tells anything."""
    step = below // max(count, 1)
    return rng.permutation(count) * step + rng.integers(0, step, count)


def serials(rng: np.random.Generator, count: int, digits: int) -> Positions:
    """`count` different numbers of exactly `digits` digits, in no order that tells anything."""
    lowest: int = 10 ** (digits - 1)
    return lowest + distinct(rng, count, 9 * lowest)


def spread(rng: np.random.Generator, deviation: float, count: int) -> Days:
    """Log-normal factors with median 1."""
    return np.asarray(np.exp(rng.normal(0.0, deviation, count)))


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
