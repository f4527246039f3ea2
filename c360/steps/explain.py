"""Say why records are one customer, or why they are not."""

from collections.abc import Sequence
from dataclasses import dataclass

from c360.core.errors import ConfigurationError
from c360.core.run import RunContext
from c360.core.warehouse import Warehouse, open_warehouse
from c360.identity.decisions import decisions_path, read_decisions
from c360.identity.questions.explain import Edge, EvidencePaths, Step
from c360.identity.questions.ties import DECISION_RULE, Held, held_by, tie
from c360.identity.rules import Rules, load_rules
from c360.steps.identify import read_evidence
from c360.steps.identity import history_of

SHOWN_REFUSALS = 10
"""Of the evidence between two customers that was not followed, the surest so many pieces are told."""
TOO_UNLIKELY = "below_link_probability"
"""Why a scored pair was not followed that no limit speaks against."""
REFUSED_WITH_OTHERS = "as_the_surer_pair"
"""Why a likely pair was not followed of which no more is said: a surer one of the same two customers was refused."""


@dataclass(frozen=True)
class ExplainedStep:
    """One step of a path, as somebody may read it.

    source_name: where the record comes from that the step leads to. shared: the values behind it, masked or not.
    """

    from_record_id: str
    to_record_id: str
    source_name: str
    rule: str
    kind: str
    score: float
    shared: str


@dataclass(frozen=True)
class Refusal:
    """Evidence between two customers that was not followed, as somebody may read it."""

    left_record_id: str
    right_record_id: str
    rule: str
    reason: str
    score: float | None
    shared: str


@dataclass(frozen=True)
class Explanation:
    """Why records are one customer, or not.

    start: the record at which the paths begin, the customer's first by name. record_count: of the customer.
    steps: to one record the whole path; else the last step to each record, the nearest first. other_customer_id: who
    the record asked about belongs to, when it is not this customer; then `refusals` say what was not followed.
    """

    customer_id: str
    start: str
    record_count: int
    steps: list[ExplainedStep]
    other_customer_id: str | None
    refusals: list[Refusal]

    def sentences(self) -> list[str]:
        """What the tables below them show."""
        if self.other_customer_id:
            found = (
                f"{len(self.refusals)} piece(s) of evidence were not followed" if self.refusals else "nothing ties them"
            )
            return [f"The record is not {self.customer_id}'s, it belongs to {self.other_customer_id}: {found}."]
        if self.record_count == 1:
            return [f"{self.customer_id} has one record, {self.start}."]
        if not self.steps:
            return [f"{self.start} is the record of {self.customer_id} at which every path begins."]
        return [f"{self.customer_id} has {self.record_count} records. Every path begins at {self.start}."]


def explain(run: RunContext, customer_id: str, other: str | None = None, *, show_values: bool = False) -> Explanation:
    """Find the shortest evidence between the records of a customer, or to one record.

    Args:
        run: As of when.
        customer_id: Whose records.
        other: A record: why it belongs to the customer, or why it does not.
        show_values: Whether personal values are shown as they are; else only a trace of them.

    Raises:
        ConfigurationError: the customer or the record is not there.
        WarehouseLocked: another process holds the warehouse.
    """
    with open_warehouse(run.settings) as warehouse:
        found = _Explainer(run, warehouse, show_values=show_values)
        return found.explain(customer_id, other)


class _Explainer:
    def __init__(self, run: RunContext, warehouse: Warehouse, *, show_values: bool) -> None:
        self._run, self._warehouse, self._show_values = run, warehouse, show_values
        self._rules: Rules = load_rules(run.settings.identity_rules_path)

    def explain(self, customer_id: str, other: str | None) -> Explanation:
        records = self._records_of(customer_id)
        start = records[0]
        owner = self._owner_of(other) if other else customer_id
        if other and owner != customer_id:
            return Explanation(customer_id, start, len(records), [], owner, self._refusals(records, owner))
        paths = EvidencePaths(self._edges(customer_id), start)
        steps = self._explained(paths.path(other) if other else paths.steps())
        return Explanation(customer_id, start, len(records), steps, None, [])

    def _records_of(self, customer_id: str) -> list[str]:
        if not self._warehouse.has_table("pipeline", "identity_clusters"):
            raise ConfigurationError("Nobody has been identified yet, so there is nothing to explain: `c360 identify`.")
        rows = self._warehouse.rows(
            "select record_id from pipeline.identity_clusters where customer_id = ? order by record_id", [customer_id]
        )
        if not rows:
            raise ConfigurationError(history_of(self._run).why_unknown(customer_id))
        return [record for (record,) in rows]

    def _owner_of(self, record_id: str) -> str:
        rows = self._warehouse.rows(
            "select customer_id from pipeline.identity_clusters where record_id = ?", [record_id]
        )
        if not rows:
            raise ConfigurationError(
                "The record named with --other is not there as of this run. Look its id up in `dim_identities`."
            )
        return str(rows[0][0])

    def _edges(self, customer_id: str) -> list[Edge]:
        rows = self._warehouse.rows(
            """
            select left_record_id, right_record_id, rule, kind, score
            from pipeline.identity_edges
            semi join (from pipeline.identity_clusters where customer_id = ?) as theirs
                on identity_edges.left_record_id = theirs.record_id
            """,
            [customer_id],
        )
        return [Edge(*row) for row in rows]

    def _refusals(self, records: Sequence[str], other_customer_id: str) -> list[Refusal]:
        """What was not followed between the customer and another one: refused, or scored too low."""
        others = self._records_of(other_customer_id)
        rows = self._warehouse.rows(
            """
            with told as (
                select left_record_id, right_record_id, rule, reason, score from pipeline.identity_refused_merges
                union all
                select
                    left_record_id, right_record_id, 'matching',
                    case when probability < ? then ? else ? end, probability
                from pipeline.identity_pairs
                anti join pipeline.identity_refused_merges using (left_record_id, right_record_id)
            )
            select * from told
            where (left_record_id in (select unnest(?)) and right_record_id in (select unnest(?)))
                or (left_record_id in (select unnest(?)) and right_record_id in (select unnest(?)))
            order by score desc nulls last, left_record_id, right_record_id, rule, reason
            limit ?
            """,
            [
                self._rules.matching.link_probability,
                TOO_UNLIKELY,
                REFUSED_WITH_OTHERS,
                records,
                others,
                others,
                records,
                SHOWN_REFUSALS,
            ],
        )
        held = self._held({record for left, right, *_ in rows for record in (left, right)})
        return [
            Refusal(left, right, rule, reason, score, self._shared(rule, held[left], held[right]))
            for left, right, rule, reason, score in rows
        ]

    def _explained(self, steps: Sequence[Step]) -> list[ExplainedStep]:
        held = self._held({record for step in steps for record in (step.from_record_id, step.to_record_id)})
        return [
            ExplainedStep(
                step.from_record_id,
                step.to_record_id,
                held[step.to_record_id].source_name,
                step.edge.rule,
                step.edge.kind,
                step.edge.score,
                self._shared(step.edge.rule, held[step.from_record_id], held[step.to_record_id]),
            )
            for step in steps
        ]

    def _shared(self, rule: str, left: Held, right: Held) -> str:
        if rule == DECISION_RULE:
            return self._decided(left.record_id, right.record_id)
        return tie(rule, left, right, show_values=self._show_values)

    def _decided(self, left: str, right: str) -> str:
        named = [
            decision
            for decision in read_decisions(decisions_path(self._run.settings.identity_dir))
            if decision.kind == "link" and {left, right} <= {*decision.left, *decision.right}
        ]
        return ", ".join(f"{one.decision_id} of {one.decided_on}" for one in named)

    def _held(self, records: set[str]) -> dict[str, Held]:
        evidence = read_evidence(self._warehouse, self._rules, sorted(records))
        return {held.record_id: held for held in (held_by(evidence, one) for one in range(evidence.record_count))}
