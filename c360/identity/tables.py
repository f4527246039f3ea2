"""What a resolution says, as tables that name records."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from c360.identity.evidence import Evidence, Links, Positions, Refusals
from c360.privacy.masking import masked


def edges_table(evidence: Evidence, links: Links) -> pa.Table:
    """Accepted evidence: `left_record_id`, `right_record_id`, `rule`, `kind`, `score`; sorted by records and rule."""
    order = _order(links)
    return pa.table(
        {
            "left_record_id": evidence.record_ids(links.left[order]),
            "right_record_id": evidence.record_ids(links.right[order]),
            "rule": pa.array(links.rule[order], pa.string()),
            "kind": _kinds(links).take(pa.array(order)),
            "score": links.score[order],
        },
        schema=pa.schema(
            [
                ("left_record_id", pa.string()),
                ("right_record_id", pa.string()),
                ("rule", pa.string()),
                ("kind", pa.string()),
                ("score", pa.float64()),
            ]
        ),
    )


def refused_table(evidence: Evidence, refusals: Refusals) -> pa.Table:
    """Evidence that was not followed, with the reason; sorted by records and rule."""
    order = _order(refusals)
    return pa.table(
        {
            "left_record_id": evidence.record_ids(refusals.left[order]),
            "right_record_id": evidence.record_ids(refusals.right[order]),
            "rule": pa.array(refusals.rule[order], pa.string()),
            "reason": pa.array(refusals.reason[order], pa.string()),
            "score": pa.array(refusals.score[order], pa.float64()),
        }
    )


def pairs_table(evidence: Evidence, pairs: Links) -> pa.Table:
    """Every pair that matching scored, accepted or not: `left_record_id`, `right_record_id`, `probability`."""
    order = np.lexsort((pairs.right, pairs.left))
    return pa.table(
        {
            "left_record_id": evidence.record_ids(pairs.left[order]),
            "right_record_id": evidence.record_ids(pairs.right[order]),
            "probability": pa.array(pairs.score[order], pa.float64()),
        }
    )


def bridges_table(bridges: pa.Table) -> pa.Table:
    """The bridges with `masked_value`, which may be shown."""
    shown = [masked(value) for value in bridges["identifier_value"].to_pylist()]
    return bridges.append_column("masked_value", pa.array(shown, pa.string()))


def _order(rows: Links | Refusals) -> Positions:
    codes, _ = pd.factorize(rows.rule, sort=True)
    return np.lexsort((codes, rows.right, rows.left))


def _kinds(links: Links) -> pa.Array:
    rules = pa.array(links.rule, pa.string())
    return pc.if_else(
        pc.equal(rules, "matching"), "probabilistic", pc.if_else(pc.equal(rules, "link"), "decision", "exact")
    )
