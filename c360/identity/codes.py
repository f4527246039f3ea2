"""Whole numbers for ids and values: the form in which millions of them are sorted, counted and joined."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Codes = npt.NDArray[np.int64]


def coded(values: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, Codes]:
    """The different values in ascending order, and for each value its place among them; none may be missing."""
    encoded = pc.dictionary_encode(values)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    order = pc.array_sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return encoded.dictionary.take(pa.array(order)), rank[encoded.indices.to_numpy(zero_copy_only=False)]


def places_of(named: Sequence[str], record_ids: pa.Array | pa.ChunkedArray) -> Codes:
    """Where the named records lie among all, without those that are not there (any more)."""
    found = pc.index_in(pa.array(named, pa.string()), value_set=record_ids).drop_null()
    return np.asarray(found, np.int64)


def distinct(numbers: Codes) -> Codes:
    """Each number once, in ascending order; `np.unique` hashes first, which takes ten times as long for millions."""
    ordered = np.sort(numbers)
    is_first = np.ones(len(ordered), bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    found: Codes = ordered[is_first]
    return found


def distinct_pairs(left: Codes, right: Codes) -> tuple[Codes, Codes]:
    """Each pair once, in ascending order; both sides below 2 to the 31st."""
    pairs = distinct(left << 32 | right)
    return pairs >> 32, pairs & 0xFFFFFFFF


def ranges(starts: Codes, ends: Codes) -> Codes:
    """The numbers from each start up to its end, one range after the other."""
    counts = ends - starts
    return np.repeat(ends - np.cumsum(counts), counts) + np.arange(counts.sum())
