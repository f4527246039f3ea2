"""What a person may decide about who is one person, checked before it is written down.

Records are spoken of by their place on the command line: their ids may hold a customer's number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from c360.core.errors import ConfigurationError
from c360.identity.decisions import Decision, contradictions, decide, standing
from c360.identity.history.registry import Registry


@dataclass(frozen=True)
class History:
    """Who every record belongs to, and what became of customers before."""

    registry: Registry
    log: pa.Table
    """The events of the registry's history, the oldest first."""

    def records_of(self, customer_id: str) -> list[str]:
        """The records of a customer.

        Raises:
            ConfigurationError: there is no such customer, or no longer.
        """
        members = self.registry.members
        records: list[str] = members.filter(pc.equal(members["customer_id"], customer_id))["record_id"].to_pylist()
        if not records:
            raise ConfigurationError(self.why_unknown(customer_id))
        return records

    def customer_of(self, record_id: str) -> str | None:
        """The customer a record belongs to."""
        members = self.registry.members
        place = pc.index(members["record_id"], record_id).as_py()
        return None if place < 0 else str(members["customer_id"][place].as_py())

    def heir_of(self, customer_id: str) -> str | None:
        """The customer whom another one became part of, through all merges; nothing of who is no former customer."""
        merges = self.log.filter(pc.equal(self.log["event"], "merge"))
        heirs = dict(zip(merges["other_customer_id"].to_pylist(), merges["customer_id"].to_pylist(), strict=True))
        heir = heirs.get(customer_id)
        while heir in heirs:
            heir = heirs.pop(heir)
        return heir

    def why_unknown(self, customer_id: str) -> str:
        """What to say of a customer without records: merged into whom, or never there."""
        if heir := self.heir_of(customer_id):
            return (
                f"Customer {customer_id} is no more: they were merged into {heir}. Name {heir}; "
                f"`c360 explain {heir}` says why."
            )
        return (
            f"There is no customer {customer_id} as of this run. Look the id up in `dim_identities`, or pass the "
            "--as-of of a run that knew them."
        )


def propose_split(history: History, customer_id: str, named: Sequence[str], reason: str, day: date) -> Decision:
    """The decision that the named records are somebody else than the customer's others.

    Raises:
        ConfigurationError: the customer or a record is not there, a record is somebody else's, or nobody is left.
    """
    records = history.records_of(customer_id)
    for place, record_id in enumerate(named, start=1):
        if record_id not in records:
            raise ConfigurationError(_why_not_theirs(history, customer_id, record_id, place))
    others = set(records) - set(named)
    if not others:
        raise ConfigurationError(
            f"All {len(records)} records of {customer_id} are named, so nobody would be left. Name with --record only "
            "those that are somebody else."
        )
    return decide("split", named, others, reason, day)


def propose_link(history: History, left: str, right: str, reason: str, day: date) -> Decision:
    """The decision that two records are one person.

    Raises:
        ConfigurationError: a record is not there, or both are the same.
    """
    for place, record_id in enumerate((left, right), start=1):
        if history.customer_of(record_id) is None:
            raise ConfigurationError(_unknown_record(place))
    if left == right:
        raise ConfigurationError("Both records are the same one. Name two.")
    return decide("link", [left], [right], reason, day)


def check_against(decision: Decision, made: Sequence[Decision]) -> None:
    """Raise when the decision takes back one that stands, alone or together with others.

    Raises:
        ConfigurationError: it does; the message names the other ones.
    """
    before = standing(made, decision.decided_on)
    opposed = [one for one in before if one.contradicts(decision)]
    if opposed:
        named = ", ".join(f"{one.decision_id} ({one.kind}, decided on {one.decided_on})" for one in opposed)
        raise ConfigurationError(
            f"This {decision.kind} contradicts what was decided before: {named}. `c360 identity decisions` tells why "
            "it was. --force takes it back and decides anew."
        )
    for found in contradictions([*before, decision]):
        if decision.decision_id in (found.split_id, *found.link_ids):
            links = ", ".join(one for one in found.link_ids if one != decision.decision_id)
            raise ConfigurationError(
                f"This {decision.kind} cannot hold together with others: split {found.split_id} keeps records apart "
                f"that links tie by way of others ({links or decision.decision_id}). Take one of them back with its "
                "opposite and --force first. With --force here, it is written down and the split stands."
            )


def _why_not_theirs(history: History, customer_id: str, record_id: str, place: int) -> str:
    owner = history.customer_of(record_id)
    if owner is None:
        return _unknown_record(place)
    return (
        f"Record number {place} is not one of {customer_id}: it belongs to {owner}. Split {owner}, or leave the "
        "record out."
    )


def _unknown_record(place: int) -> str:
    return (
        f"Record number {place} of those named is not there as of this run. Look its id up in `dim_identities`; a "
        "record that arrived today is known after `c360 identify`."
    )
