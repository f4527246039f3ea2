"""What a day's run need not do again: score the pairs of people about whom nothing new was said.

Closure over exact identifiers takes seconds for millions of records, so it is always done in full. Scoring takes most
of a run, and a pair's score follows from the model and from what the two clusters' records say. So a cluster whose
records say what they said before keeps its pairs, and only the others are scored, with each other and with the rest.
The result is that of a full run that judges by the same.
"""

import json
from dataclasses import dataclass
from importlib.metadata import version

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from c360.core.log import get_logger
from c360.identity.evidence import Evidence, Links, Positions
from c360.identity.learned import Learned
from c360.identity.matching import score
from c360.identity.rules import Rules

STATE_SCHEMA = pa.schema([("record_id", pa.string()), ("cluster_fingerprint", pa.uint64())])

Flags = npt.NDArray[np.bool_]
Fingerprints = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Scored:
    """What an earlier run left behind.

    state: by record, a fingerprint of its cluster by exact identifiers. pairs: every pair that was scored.
    """

    state: pa.Table
    pairs: pa.Table


def state_of(evidence: Evidence, labels: Positions, learned: Learned) -> pa.Table:
    """What the next run must know of this one beside its pairs, sorted by record.

    Args:
        evidence: The records.
        labels: The cluster of each by exact identifiers.
        learned: What its pairs were scored by.
    """
    fingerprints = pa.array(_fingerprints(evidence, labels, learned))
    return pa.table([evidence.records["record_id"], fingerprints], schema=STATE_SCHEMA)


def score_since(
    before: Scored | None, evidence: Evidence, labels: Positions, rules: Rules, learned: Learned, state: pa.Table
) -> Links:
    """Every pair worth keeping, as `matching.score` gives them; what was scored before is taken from there.

    Args:
        before: What an earlier run left; None scores everything.
        evidence: The records.
        labels: The cluster of each by exact identifiers.
        rules: What the attributes are.
        learned: What pairs are scored by.
        state: What `state_of` says of this run.
    """
    if learned.matching is None:
        return Links.none()
    if before is None:
        return score(evidence, labels, rules, learned.matching)
    is_touched = touched(evidence, state, before)
    kept = kept_pairs(evidence, is_touched, before)
    get_logger().info("kept_pairs", pairs=len(kept), touched_records=int(is_touched.sum()))
    if not is_touched.any():
        return kept
    return _in_order(kept + score(evidence, labels, rules, learned.matching, is_touched))


def touched(evidence: Evidence, state: pa.Table, before: Scored) -> Flags:
    """By record, whether its cluster is new: a record came, went or says something else, or clusters met or parted.

    So is every cluster once something else was learned.
    """
    places = _places(before.state["record_id"], evidence)
    known = np.zeros(evidence.record_count, np.uint64)
    is_here = places >= 0
    known[places[is_here]] = before.state["cluster_fingerprint"].to_numpy()[is_here]
    is_known = np.zeros(evidence.record_count, bool)
    is_known[places[is_here]] = True
    changed: Flags = ~is_known | (known != state["cluster_fingerprint"].to_numpy())
    return changed


def kept_pairs(evidence: Evidence, is_touched: Flags, before: Scored) -> Links:
    """The pairs that were scored before between records that nothing touched, in order."""
    left, right = (_places(before.pairs[f"{side}_record_id"], evidence) for side in ("left", "right"))
    is_kept = (left >= 0) & (right >= 0)
    is_kept[is_kept] &= ~(is_touched[left[is_kept]] | is_touched[right[is_kept]])
    probability = before.pairs["probability"].to_numpy()[is_kept]
    return _in_order(Links(left[is_kept], right[is_kept], np.full(len(probability), "matching", object), probability))


def _in_order(pairs: Links) -> Links:
    """The same pairs by left and right record, as scoring everything gives them."""
    order = np.lexsort((pairs.right, pairs.left))
    return Links(pairs.left[order], pairs.right[order], pairs.rule[order], pairs.score[order])


def _places(record_ids: pa.ChunkedArray, evidence: Evidence) -> Positions:
    """Where records lie; -1 for those that are gone."""
    found: Positions = (
        pc.index_in(record_ids, value_set=evidence.records["record_id"]).fill_null(-1).to_numpy().astype(np.int64)
    )
    return found


def _fingerprints(evidence: Evidence, labels: Positions, learned: Learned) -> Fingerprints:
    """By record, what all records of its cluster are called and say, and by what it is judged, as one number."""
    columns = ["record_id", *learned.compared]
    with duckdb.connect() as database:
        database.register("records", evidence.records.select(columns))
        said = ", ".join(f'"{column}"' for column in columns)
        found = database.execute(f"select hash(?, {said}) as fingerprint from records", [_judge(database, learned)])
        hashes = found.fetchnumpy()["fingerprint"]
    sums = np.zeros(evidence.record_count, np.uint64)
    np.add.at(sums, labels, np.asarray(hashes, np.uint64))
    fingerprints: Fingerprints = sums[labels]
    return fingerprints


def _judge(database: duckdb.DuckDBPyConnection, learned: Learned) -> str:
    """A text that is another one when pairs would be scored otherwise."""
    model = learned.matching
    if model is None:
        return ""
    sums = [_sum_of(database, table) for table in (model.frequencies, model.variants, model.crowded_keys)]
    return json.dumps([version("c360"), learned.compared, model.about, sums])


def _sum_of(database: duckdb.DuckDBPyConnection, table: pa.Table) -> str:
    database.register("learned", table)
    columns = ", ".join(f'"{column}"' for column in table.column_names)
    return str(database.execute(f"select sum(hash({columns})) from learned").fetchall()[0][0])
