"""Clusters: records joined by edges, to a fixed point and without a limit on how long a chain may be.

Works in columns: 10 million edges are two integer arrays of 80 MB each beside the record ids.
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from c360.core.errors import C360Error
from c360.privacy.hashing import stable_id

CUSTOMER_PREFIX = "c_"


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
    links = coo_array((np.ones(len(lefts), dtype=bool), (lefts, rights)), shape=(len(records), len(records)))
    _, labels = connected_components(links, directed=False)
    return pd.DataFrame({"record_id": records, "customer_id": _customer_ids(records, labels)})


def _positions(records: "pd.Index[str]", named: "pd.Series[str]") -> Any:
    positions = records.get_indexer(pd.Index(named))
    lost = int((positions < 0).sum())
    if lost:
        raise C360Error(f"{lost} identity edges name a record that does not exist. Build the layer 'staging' again.")
    return positions


def _customer_ids(records: "pd.Index[str]", labels: Any) -> Any:
    # Records are sorted, so the first of each label is the smallest record of its cluster.
    _, firsts, cluster_of_record = np.unique(labels, return_index=True, return_inverse=True)
    ids = np.array([stable_id(CUSTOMER_PREFIX, record) for record in records[firsts]], dtype=object)
    return ids[cluster_of_record]
