"""Look ahead: which customers changed rules would merge or split, before anything is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from c360.core.errors import ConfigurationError, IdentityStopped
from c360.core.run import RunContext
from c360.core.warehouse import open_warehouse
from c360.identity.evidence import Evidence, Links, Positions, Refusals
from c360.identity.history.approval import approve, is_approved, rules_digest
from c360.identity.questions.plan import Merge, Split, compare
from c360.identity.questions.ties import held_by, tie
from c360.identity.rules import Rules, load_rules

if TYPE_CHECKING:
    from c360.identity.engine import Resolution

EXAMPLES = 5
"""How many merges and splits are shown, those of most records."""
_LISTED = 4
_NOBODY = -1
"""The customer of a record that had none."""


@dataclass(frozen=True)
class Example:
    """A merge or a split as somebody may read it.

    who: the customers. records: how many of each, or of each part. why: the evidence behind it, its values masked.
    """

    who: str
    records: str
    why: str


@dataclass(frozen=True)
class Plan:
    """What would become of today's customers under other rules.

    merge_rules: the evidence between customers of today that would be followed, by rule. split_rules: that which ties
    them today and would not any more. split_reasons: why not, where it is still there. allowed_share: the rules'
    `max_changed_share`.
    """

    rules_path: Path
    before_count: int
    after_count: int
    merging_count: int
    splitting_count: int
    changed_share: float
    allowed_share: float
    merge_rules: dict[str, int]
    split_rules: dict[str, int]
    split_reasons: dict[str, int]
    merges: list[Example]
    splits: list[Example]
    is_approved: bool

    @property
    def must_be_approved(self) -> bool:
        """Whether the change is larger than the rules allow, and nobody said yes."""
        return self.changed_share > self.allowed_share and not self.is_approved


def plan(run: RunContext, rules_path: Path | None = None, *, yes: bool = False) -> Plan:
    """Resolve the evidence in the warehouse under a rules file, and compare. Nothing but an approval is written.

    Args:
        run: Whose customers are compared.
        rules_path: The changed rules; by default those of the deployment, changed since the last run.
        yes: Approve the rules, so that runs follow them however many customers they change.

    Raises:
        ConfigurationError: the rules cannot be used, or no run has identified anybody yet.
        WarehouseLocked: another process holds the warehouse.
    """
    from c360.identity.engine import resolve
    from c360.identity.learned import read_learned
    from c360.steps.identify import read_evidence
    from c360.steps.identity import standing_decisions

    path = rules_path or run.settings.identity_rules_path
    rules = load_rules(path)
    with open_warehouse(run.settings) as warehouse:
        if not warehouse.has_table("pipeline", "identity_clusters"):
            raise ConfigurationError("Nobody has been identified yet, so there is nothing to compare: `c360 identify`.")
        before = warehouse.arrow("select record_id, customer_id from pipeline.identity_clusters")
        edges = warehouse.arrow("select left_record_id, right_record_id, rule, score from pipeline.identity_edges")
        evidence = read_evidence(warehouse, rules)
    resolution = resolve(evidence, rules, standing_decisions(run), read_learned(run.settings.identity_dir))
    if yes:
        approve(run.settings.identity_dir, rules_digest(rules))
    is_said = is_approved(run.settings.identity_dir, rules_digest(rules))
    return _Changes(evidence, resolution, before, edges).plan(path, rules, is_approved=is_said)


def stop_unless_approved(planned: Plan) -> None:
    """Raise when the rules change more customers than they allow and nobody approved them.

    Raises:
        IdentityStopped: they do.
    """
    if planned.must_be_approved:
        raise IdentityStopped(
            f"{planned.rules_path} would merge or split {planned.changed_share:.2%} of the customers, more than the "
            f"{planned.allowed_share:.2%} of its `max_changed_share`. Nothing was changed. Look at who it is; "
            "`c360 identity plan --yes` with the same rules approves them."
        )


class _Changes:
    """A resolution beside the customers there are."""

    def __init__(self, evidence: Evidence, resolution: "Resolution", before: pa.Table, edges: pa.Table) -> None:
        self._evidence, self._resolution = evidence, resolution
        self._edges = _placed(edges, evidence.records["record_id"].combine_chunks())
        after = pa.table({"record_id": evidence.records["record_id"], "customer_id": resolution.labels})
        self._comparison = compare(before, after)
        place = pc.index_in(after["record_id"], value_set=before["record_id"].combine_chunks()).combine_chunks()
        customer_ids = before["customer_id"].combine_chunks().take(place)
        codes = pc.index_in(customer_ids, value_set=self._comparison.customer_ids)
        self._customers: Positions = codes.fill_null(_NOBODY).to_numpy(zero_copy_only=False).astype(np.int64)

    def plan(self, path: Path, rules: Rules, *, is_approved: bool) -> Plan:
        """All of it in counts and examples."""
        found = self._comparison
        links, refusals = self._resolution.links, self._resolution.refusals
        merging, lost = self._between(links), self._apart(self._edges)
        refused = self._apart(refusals)
        return Plan(
            rules_path=path,
            before_count=found.before_count,
            after_count=found.after_count,
            merging_count=int(found.merging.sum()),
            splitting_count=int(found.splitting.sum()),
            changed_share=found.changed_share,
            allowed_share=rules.max_changed_share,
            merge_rules=dict(Counter(links.rule[merging].tolist()).most_common()),
            split_rules=dict(Counter(self._edges.rule[lost].tolist()).most_common()),
            split_reasons=dict(Counter(refusals.reason[refused].tolist()).most_common()),
            merges=[self._merge(one, links, merging) for one in found.merges(EXAMPLES)],
            splits=[self._split(one, lost, refused) for one in found.splits(EXAMPLES)],
            is_approved=is_approved,
        )

    def _merge(self, merge: Merge, links: Links, merging: Positions) -> Example:
        place = self._surest(merge.customer_ids, links, merging)
        why = "by way of records that are new" if place is None else self._told(links, place)
        return Example(_listed(merge.customer_ids), _listed(merge.record_counts), why)

    def _split(self, split: Split, lost: Positions, refused: Positions) -> Example:
        place = self._surest((split.customer_id,), self._edges, lost)
        why = "" if place is None else f"{self._told(self._edges, place)}: "
        refusal = self._surest((split.customer_id,), self._resolution.refusals, refused)
        reason = "no evidence any more" if refusal is None else self._resolution.refusals.reason[refusal]
        return Example(split.customer_id, _listed(split.record_counts), f"{why}{reason}")

    def _between(self, links: Links) -> Positions:
        """The links between records of two customers of today."""
        left, right = self._customers[links.left], self._customers[links.right]
        return np.flatnonzero((left != right) & (left != _NOBODY) & (right != _NOBODY))

    def _apart(self, rows: Links | Refusals) -> Positions:
        """The rows between records of one customer of today who would be two."""
        left, right = self._customers[rows.left], self._customers[rows.right]
        labels = self._resolution.labels
        return np.flatnonzero((left == right) & (left != _NOBODY) & (labels[rows.left] != labels[rows.right]))

    def _surest(self, customer_ids: Sequence[str], rows: Links | Refusals, places: Positions) -> int | None:
        """The place of the surest of these rows that is between records of the customers."""
        codes = pc.index_in(pa.array(customer_ids), value_set=self._comparison.customer_ids).to_numpy()
        are_theirs = np.isin(self._customers[rows.left[places]], codes) & np.isin(
            self._customers[rows.right[places]], codes
        )
        theirs = places[are_theirs]
        order = np.lexsort((rows.right[theirs], rows.left[theirs], -rows.score[theirs]))
        return int(theirs[order[0]]) if len(order) else None

    def _told(self, rows: Links, place: int) -> str:
        left, right = (held_by(self._evidence, int(side[place]), blocked=True) for side in (rows.left, rows.right))
        return f"{rows.rule[place]} {tie(rows.rule[place], left, right)} ({rows.score[place]:.2f})"


def _placed(edges: pa.Table, record_ids: pa.Array) -> Links:
    """Edges between records that are there."""
    left, right = (pc.index_in(edges[f"{side}_record_id"], value_set=record_ids) for side in ("left", "right"))
    are_there = pc.and_(left.is_valid(), right.is_valid())
    there = edges.filter(are_there)
    lefts, rights = (side.filter(are_there).to_numpy().astype(np.int64) for side in (left, right))
    return Links(lefts, rights, there["rule"].to_numpy().astype(object), there["score"].to_numpy())


def _listed(parts: Sequence[object]) -> str:
    """The first few, and how many more there are."""
    listed = " + ".join(str(part) for part in parts[:_LISTED])
    return listed if len(parts) <= _LISTED else f"{listed} + {len(parts) - _LISTED} more"
