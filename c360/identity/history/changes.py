"""What became of customers in a run, and why: the rows of the identity log.

One file per day, `log/<as_of>.parquet`, beside the registry, which says how many rows of it count: rows that a run
wrote before it could write its registry are no history.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from c360.core.errors import C360Error
from c360.core.files import appearing
from c360.identity.codes import Codes, places_of
from c360.identity.decisions import Decision
from c360.identity.evidence import Links, Refusals
from c360.identity.history.registry import NOBODY, Named, Registry

LOG_SCHEMA = pa.schema(
    [
        ("event", pa.string()),
        ("customer_id", pa.string()),
        ("other_customer_id", pa.string()),
        ("record_count", pa.int64()),
        ("reason", pa.string()),
        ("run_id", pa.string()),
        ("as_of_date", pa.date32()),
    ]
)

NEW_RECORDS = "new_records"
EVIDENCE_CHANGED = "evidence_changed"
RULES_CHANGED = "rules_changed"
_LINK = "link"


@dataclass(frozen=True)
class Grounds:
    """What a run decided on: the reasons of its events come from here.

    links: accepted evidence. refusals: evidence that was not followed. decisions: those that stand.
    are_rules_new: whether the run before followed other rules.
    """

    links: Links
    refusals: Refusals
    decisions: Sequence[Decision]
    are_rules_new: bool


def events_of(named: Named, record_ids: pa.Array, grounds: Grounds, run_id: str, as_of: date) -> pa.Table:
    """The rows a run adds to the log, sorted.

    `create`: records nobody knew became a customer. `merge`: the other customer became part of this one, and their id
    is retired. `split`: records of this customer are the other's now, be the other new or not.
    """
    moves = named.moves
    merges = _rows(
        "merge",
        named.customer_ids.take(pa.array(moves.cluster[moves.is_merge])),
        named.former_ids.take(pa.array(moves.former[moves.is_merge])),
        moves.record_count[moves.is_merge],
        _merge_reasons(named, record_ids, grounds),
    )
    splits = _rows(
        "split",
        named.former_ids.take(pa.array(moves.former[~moves.is_merge])),
        named.customer_ids.take(pa.array(moves.cluster[~moves.is_merge])),
        moves.record_count[~moves.is_merge],
        _split_reasons(named, record_ids, grounds),
    )
    sizes = np.bincount(named.cluster_of_record, minlength=len(named.customer_ids))[named.created]
    created = named.customer_ids.take(pa.array(named.created))
    nobody = pa.nulls(len(created), pa.string())
    creates = _rows("create", created, nobody, sizes, [NEW_RECORDS] * len(created))
    rows = pa.concat_tables([creates, merges, splits]).sort_by(
        [(name, "ascending") for name in ("event", "customer_id", "other_customer_id")]
    )
    stamped = rows.append_column(LOG_SCHEMA.field("run_id"), pa.repeat(run_id, len(rows)))
    return stamped.append_column(
        LOG_SCHEMA.field("as_of_date"), pa.repeat(pa.scalar(as_of, pa.date32()), len(rows))
    ).combine_chunks()


def log_path(identity_dir: Path, as_of: date) -> Path:
    """Where the log of a day lies."""
    return identity_dir / "log" / f"{as_of.isoformat()}.parquet"


def append_log(identity_dir: Path, as_of: date, registry: Registry, events: pa.Table) -> Registry:
    """Write the events of a run behind those of the day's earlier runs; the registry that counts them in.

    Nothing counts before that registry is written.

    Raises:
        C360Error: the log of the day lacks rows that the registry counts.
    """
    if not len(events):
        return registry
    before = _counted_rows(identity_dir, as_of, registry)
    rows = pa.concat_tables([before, events])
    with appearing(log_path(identity_dir, as_of)) as part:
        pq.write_table(rows, part, compression="zstd")
    return replace(registry, log_counts=registry.log_counts | {as_of.isoformat(): len(rows)})


def read_log(identity_dir: Path, registry: Registry) -> pa.Table:
    """Every event of the registry's history, by day and then in the order of the runs; `event_id` is day and number.

    Raises:
        C360Error: a log file lacks rows that the registry counts.
    """
    days = [date.fromisoformat(day) for day in sorted(registry.log_counts)]
    parts = [_numbered(_counted_rows(identity_dir, day, registry), day) for day in days]
    return pa.concat_tables([_numbered(LOG_SCHEMA.empty_table(), date.min), *parts])


def _numbered(rows: pa.Table, day: date) -> pa.Table:
    numbers = pa.array(range(1, len(rows) + 1), pa.int64()).cast(pa.string())
    return rows.add_column(0, "event_id", pc.binary_join_element_wise(day.isoformat(), numbers, ":"))


def _counted_rows(identity_dir: Path, as_of: date, registry: Registry) -> pa.Table:
    count = registry.log_counts.get(as_of.isoformat(), 0)
    if not count:
        return LOG_SCHEMA.empty_table()
    path = log_path(identity_dir, as_of)
    try:
        rows = pq.read_table(path, schema=LOG_SCHEMA)
    except (pa.ArrowInvalid, OSError):
        rows = LOG_SCHEMA.empty_table()
    if len(rows) < count:
        raise C360Error(
            f"{path} has {len(rows)} readable rows of the {count} that the registry counts. Bring the file back from a "
            "copy: it says who was merged with whom, and why."
        )
    return rows.slice(0, count)


def _rows(event: str, customers: pa.Array, others: pa.Array, counts: Codes, reasons: list[str]) -> pa.Table:
    fields = [LOG_SCHEMA.field(place) for place in range(5)]
    columns = [pa.repeat(event, len(customers)), customers, others, counts, pa.array(reasons, pa.string())]
    return pa.table(columns, schema=pa.schema(fields))


def _merge_reasons(named: Named, record_ids: pa.Array, grounds: Grounds) -> list[str]:
    """For each merge the rule of the best link that leads from the records of who ended to others of the cluster.

    Best is one to records of who lives on, then the surest, then the first by name.
    """
    moves = named.moves
    ended, clusters = moves.former[moves.is_merge], moves.cluster[moves.is_merge]
    rule_of = _best_rules(named, grounds.links, ended)
    linked = [
        rule_of.get((former, cluster), "") for former, cluster in zip(ended.tolist(), clusters.tolist(), strict=True)
    ]
    if _LINK not in linked:
        return linked
    decided = _links_of_formers(named, record_ids, grounds.decisions)
    return [
        _decision(decided[former]) if rule == _LINK and former in decided else rule
        for former, rule in zip(ended.tolist(), linked, strict=True)
    ]


def _best_rules(named: Named, links: Links, ended: Codes) -> dict[tuple[int, int], str]:
    """By former customer who ended and cluster."""
    has_ended = np.zeros(len(named.former_ids) + 1, dtype=bool)  # the last place is that of `NOBODY`
    has_ended[ended] = True
    ends = [named.former_of_record[links.left], named.former_of_record[links.right]]
    leads_out = ends[0] != ends[1]
    sides = [_side(named, links, near, far, leads_out & has_ended[near]) for near, far in (ends, ends[::-1])]
    formers, clusters, are_direct, scores, rules = (np.concatenate(column) for column in zip(*sides, strict=True))
    order = np.lexsort((rules.astype(str), -scores, ~are_direct, clusters, formers))
    best: dict[tuple[int, int], str] = {}
    for place in order.tolist():
        best.setdefault((int(formers[place]), int(clusters[place])), str(rules[place]))
    return best


def _side(named: Named, links: Links, near: Codes, far: Codes, chosen: npt.NDArray[np.bool_]) -> tuple[Any, ...]:
    return (
        near[chosen],
        named.cluster_of_record[links.left[chosen]],
        far[chosen] != NOBODY,
        links.score[chosen],
        links.rule[chosen],
    )


def _links_of_formers(named: Named, record_ids: pa.Array, decisions: Sequence[Decision]) -> dict[int, str]:
    """The first link decision that names a record of a former customer."""
    found: dict[int, str] = {}
    for decision in decisions:
        if decision.kind == _LINK:
            places = places_of((*decision.left, *decision.right), record_ids)
            for former in np.unique(named.former_of_record[places]).tolist():
                found.setdefault(former, decision.decision_id)
    return found


def _split_reasons(named: Named, record_ids: pa.Array, grounds: Grounds) -> list[str]:
    """For each split what keeps the records apart from those their former customer kept."""
    moves = named.moves
    formers, clusters = moves.former[~moves.is_merge], moves.cluster[~moves.is_merge]
    homes = _homes(named)[formers]
    decided = _clusters_decided_apart(named, record_ids, grounds.decisions)
    refused = _refused_between(named, grounds.refusals, formers)
    otherwise = RULES_CHANGED if grounds.are_rules_new else EVIDENCE_CHANGED
    reasons = []
    for former, *pair in zip(formers.tolist(), clusters.tolist(), homes.tolist(), strict=True):
        between = (min(pair), max(pair))
        decision = decided.get(between)
        reasons.append(_decision(decision) if decision else refused.get((former, *between), otherwise))
    return reasons


def _homes(named: Named) -> Codes:
    """For each former customer the cluster in which it lives on or ended; `NOBODY` when all its records are gone."""
    homes = np.full(len(named.former_ids), NOBODY, dtype=np.int64)
    lives_on = pc.index_in(named.former_ids, value_set=named.customer_ids).fill_null(NOBODY)
    homes[:] = lives_on.to_numpy(zero_copy_only=False)
    homes[named.moves.former[named.moves.is_merge]] = named.moves.cluster[named.moves.is_merge]
    return homes


def _clusters_decided_apart(
    named: Named, record_ids: pa.Array, decisions: Sequence[Decision]
) -> dict[tuple[int, int], str]:
    apart: dict[tuple[int, int], str] = {}
    for decision in decisions:
        if decision.kind == "split":
            lefts, rights = (
                np.unique(named.cluster_of_record[places_of(side, record_ids)]).tolist()
                for side in (decision.left, decision.right)
            )
            for left, right in product(lefts, rights):
                apart.setdefault((min(left, right), max(left, right)), decision.decision_id)
    return apart


def _refused_between(named: Named, refusals: Refusals, formers: Codes) -> dict[tuple[int, int, int], str]:
    """Why evidence within a former customer was not followed, by the two clusters it would have joined."""
    former = named.former_of_record[refusals.left]
    is_within = (former == named.former_of_record[refusals.right]) & np.isin(former, formers)
    ends = np.sort(
        [named.cluster_of_record[refusals.left[is_within]], named.cluster_of_record[refusals.right[is_within]]], axis=0
    )
    said = zip(refusals.rule[is_within], refusals.reason[is_within], strict=True)
    found = zip(former[is_within].tolist(), *ends.tolist(), (f"{rule}:{reason}" for rule, reason in said), strict=True)
    # Written from the last reason by name to the first, so that the first stays.
    return {(one, left, right): reason for one, left, right, reason in sorted(found, reverse=True)}


def _decision(decision_id: str) -> str:
    return f"decision:{decision_id}"
