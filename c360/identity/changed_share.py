"""How much of a customer base another partition would change."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def changed_share(before: pa.Table, after: pa.Table) -> float:
    """The share of customers who would merge with another or fall apart, 0 to 1; 0 when no record is in both.

    Args:
        before: `record_id` and `customer_id`. Customers of whom no record is in both tables count nowhere.
        after: The same columns; its customers may go by any name.
    """
    there = pc.index_in(before["record_id"], value_set=after["record_id"]).combine_chunks()
    in_both = pc.is_valid(there)
    formers = _codes(before["customer_id"].filter(in_both))
    clusters = _codes(after["customer_id"].take(there.drop_null()))
    if not len(formers):
        return 0.0
    pairs = np.unique(np.stack([formers, clusters], axis=1), axis=0)
    falls_apart = np.bincount(pairs[:, 0]) > 1
    is_merged = np.zeros_like(falls_apart)
    is_merged[pairs[np.bincount(pairs[:, 1])[pairs[:, 1]] > 1, 0]] = True
    return float((falls_apart | is_merged).mean())


def _codes(ids: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    codes = ids.combine_chunks().dictionary_encode().indices
    return np.asarray(codes.to_numpy(zero_copy_only=False), dtype=np.int64)
