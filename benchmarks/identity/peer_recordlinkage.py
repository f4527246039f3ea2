"""recordlinkage's ECM, without labels, on a public set; prints seconds, then writes `record_id,threshold,cluster`.

Runs in an environment of its own, because the library needs pandas before version 3.
"""

import sys
import time
from itertools import starmap

import numpy as np
import pandas as pd
import recordlinkage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

COLUMNS = {
    "fake_1000": ("unique_id", ["first_name", "surname", "dob", "city", "email"]),
    "febrl": (
        "rec_id",
        ["given_name", "surname", "date_of_birth", "suburb", "state", "address_1", "postcode", "soc_sec_id"],
    ),
    "historical_50k": (
        "unique_id",
        ["first_name", "surname", "dob", "birth_place", "postcode_fake", "occupation"],
    ),
}
SIMILAR = 0.85


def main(name, out, paths):
    """Cluster one set."""
    key, columns = COLUMNS[name]
    records = pd.concat(starmap(_read, [(path,) for path in paths]), ignore_index=True).rename(columns=str.strip)
    records = records.set_index(key)[columns]
    records = records.apply(lambda column: column.astype("string").str.strip().replace("", pd.NA).astype(object))
    started = time.perf_counter()
    indexer = recordlinkage.Index()
    for column in (each for each in columns if each not in ("state", "occupation", "birth_place", "suburb", "city")):
        indexer.block(column)
    pairs = indexer.index(records)
    comparing = recordlinkage.Compare()
    for column in columns:
        comparing.string(column, column, method="jarowinkler", threshold=SIMILAR, label=column)
    vectors = comparing.compute(pairs, records)
    links = recordlinkage.ECMClassifier(binarize=SIMILAR).fit_predict(vectors)
    place = pd.Series(np.arange(len(records)), index=records.index)
    ends = place[links.get_level_values(0)].to_numpy(), place[links.get_level_values(1)].to_numpy()
    graph = coo_matrix((np.ones(len(links)), ends), shape=(len(records), len(records)))
    clusters = connected_components(graph, directed=False)[1]
    sys.stdout.write(f"{time.perf_counter() - started:.1f}\n")
    found = pd.DataFrame({"record_id": records.index, "cluster": clusters, "threshold": 0.5})
    found.to_csv(out, index=False)


def _read(path):
    return pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path, dtype=str, skipinitialspace=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
