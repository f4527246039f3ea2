"""From the engine's order of rows to the line numbers an editor shows.

The CSV reader gives rows without a number. Those it refuses it numbers by an ordinal that counts the header, blank
lines and rows, where a row is one however many lines it spans. So the n-th row stands at the n-th ordinal that nothing
else has taken, and every line break inside an earlier row moves it one line down.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Lines = npt.NDArray[np.int64]


def place_rows(row_count: int, taken: Sequence[int]) -> Lines:
    """The ordinals of `row_count` rows when the ordinals `taken` belong to headers, blank lines and refused rows."""
    ordinals = np.arange(1, row_count + len(taken) + 1, dtype=np.int64)
    free = np.setdiff1d(ordinals, np.asarray(taken, np.int64), assume_unique=True)
    return free[:row_count]


def move_down(ordinals: Lines, broken: Lines, breaks: Lines) -> Lines:
    """The line on which each ordinal starts, when what stands at the ordinals `broken` has `breaks` line breaks."""
    order = np.argsort(broken, kind="stable")
    moved = np.concatenate(([0], np.cumsum(breaks[order])))
    return ordinals + moved[np.searchsorted(broken[order], ordinals, side="left")]
