"""Clusters: records joined by edges, to a fixed point and without a limit on how long a chain may be."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from c360.core.errors import C360Error
from c360.privacy.hashing import stable_id

CUSTOMER_PREFIX = "c_"

_Positions = npt.NDArray[np.int64]


def components(count: int, left: npt.NDArray[Any], right: npt.NDArray[Any]) -> _Positions:
    """For each of `count` positions, the smallest one that edges between positions join it to.

    10 million edges take about 300 MB beside the edges themselves.
    """
    ends = (left.astype(np.int32, copy=False), right.astype(np.int32, copy=False))
    edges = coo_array((np.ones(len(left), np.float64), ends), shape=(count, count))
    found, component = connected_components(edges, directed=False)
    smallest = np.empty(found, np.int64)
    # Of the positions of a component the last one written stays, and that is the smallest.
    smallest[component[::-1]] = np.arange(count - 1, -1, -1)
    labels: _Positions = smallest[component]
    return labels


def cluster(record_ids: "pd.Series[str]", edges: pd.DataFrame) -> pd.DataFrame:
    """The customer of every record: `record_id` and `customer_id`, sorted by `record_id`.

    Two records are one customer when a path of `edges` (`left_record_id`, `right_record_id`) joins them. The customer's
    id follows from the smallest record id of the cluster alone, so neither the order of rows nor anybody else's records
    change it.

    Raises:
        C360Error: an edge names a record that is not there.
    """
    records = pd.Index(np.unique(record_ids.to_numpy(dtype=object)))
    lefts = _positions(records, edges["left_record_id"])
    rights = _positions(records, edges["right_record_id"])
    labels = components(len(records), lefts, rights)
    return pd.DataFrame({"record_id": records, "customer_id": _customer_ids(records, labels)})


def _positions(records: "pd.Index[str]", named: "pd.Series[str]") -> Any:
    positions = records.get_indexer(pd.Index(named))
    lost = int((positions < 0).sum())
    if lost:
        raise C360Error(f"{lost} identity edges name a record that does not exist. Build the layer 'staging' again.")
    return positions


def _customer_ids(records: "pd.Index[str]", labels: Any) -> Any:
    firsts, cluster_of_record = np.unique(labels, return_inverse=True)
    ids = np.array([stable_id(CUSTOMER_PREFIX, record) for record in records[firsts]], dtype=object)
    return ids[cluster_of_record]
