"""Acts of a person: what is wrong is refused with the reason, what contradicts is named, nothing is guessed."""

from datetime import date

import pyarrow as pa
import pytest

from c360.core.errors import ConfigurationError
from c360.identity.decisions import Decision, decide
from c360.identity.history.acts import History, check_against, propose_link, propose_split
from c360.identity.history.changes import LOG_SCHEMA
from c360.identity.history.registry import MEMBERS_SCHEMA, Registry

DAY = date(2026, 7, 1)
OWNERS = {"crm:secret1": "c_ada", "pos:secret2": "c_ada", "web:secret3": "c_ada", "pos:secret4": "c_bob"}
MERGES = [("c_mid", "c_old"), ("c_ada", "c_mid")]


def history() -> History:
    members = pa.table([list(OWNERS), list(OWNERS.values()), [DAY] * len(OWNERS)], schema=MEMBERS_SCHEMA)
    rows = [
        {"event": "merge", "customer_id": customer, "other_customer_id": other, "record_count": 1, "reason": "email"}
        for customer, other in MERGES
    ]
    created = {"event": "create", "customer_id": "c_bob", "record_count": 1, "reason": "new_records"}
    return History(Registry(members), pa.Table.from_pylist([created, *rows], LOG_SCHEMA))


def split(*records: str, customer: str = "c_ada") -> Decision:
    return propose_split(history(), customer, records, "a note", DAY)


def test_a_split_keeps_the_named_records_from_the_others() -> None:
    """All of the customer's other records are on the other side."""
    decision = split("pos:secret2", "pos:secret2")

    assert (decision.kind, decision.left, decision.right) == ("split", ("pos:secret2",), ("crm:secret1", "web:secret3"))
    assert (decision.reason, decision.decided_on) == ("a note", DAY)


@pytest.mark.parametrize(
    ("customer", "records", "told"),
    [
        ("c_ada", ["crm:secret1", "pos:secret4"], "Record number 2 is not one of c_ada: it belongs to c_bob"),
        ("c_ada", ["crm:secret9"], "Record number 1 of those named is not there"),
        ("c_ada", ["crm:secret1", "pos:secret2", "web:secret3"], "All 3 records of c_ada are named"),
        ("c_bob", ["pos:secret4"], "All 1 records of c_bob are named"),
        ("c_nobody", ["crm:secret1"], "There is no customer c_nobody"),
        ("c_old", ["crm:secret1"], "Customer c_old is no more: they were merged into c_ada"),
        ("c_mid", ["crm:secret1"], "Customer c_mid is no more: they were merged into c_ada"),
    ],
)
def test_a_split_that_cannot_be_says_why(customer: str, records: list[str], told: str) -> None:
    """Unknown, somebody else's, merged away, or nobody left: each with its own words and no record's id."""
    with pytest.raises(ConfigurationError) as raised:
        split(*records, customer=customer)

    assert told in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_circle_of_merges_ends() -> None:
    """An id that was merged away, and into which its heir was merged, is looked up once."""
    turned = pa.Table.from_pylist(
        [{"event": "merge", "customer_id": a, "other_customer_id": b} for a, b in [("c_x", "c_y"), ("c_y", "c_x")]],
        LOG_SCHEMA,
    )

    assert History(Registry(), turned).heir_of("c_x") in {"c_x", "c_y"}


def test_a_link_ties_two_records_that_are_there() -> None:
    """A record that nobody knows, or twice the same one, is refused."""
    decision = propose_link(history(), "pos:secret4", "crm:secret1", "", DAY)

    assert (decision.kind, {*decision.left, *decision.right}) == ("link", {"pos:secret4", "crm:secret1"})
    with pytest.raises(ConfigurationError, match="Record number 2 of those named is not there"):
        propose_link(history(), "pos:secret4", "pos:secret5", "", DAY)
    with pytest.raises(ConfigurationError, match="the same one"):
        propose_link(history(), "pos:secret4", "pos:secret4", "", DAY)


def test_a_decision_against_an_older_one_names_it() -> None:
    """A link against a split, and a split against a link, stop; what says the same again does not."""
    older = split("pos:secret2")
    link = propose_link(history(), "pos:secret2", "web:secret3", "", DAY)

    with pytest.raises(
        ConfigurationError, match=rf"contradicts .*{older.decision_id} \(split, decided on 2026-07-01\)"
    ):
        check_against(link, [older])
    with pytest.raises(ConfigurationError, match=rf"contradicts .*{link.decision_id} \(link"):
        check_against(older, [link])
    check_against(older, [older])
    check_against(link, [])
    check_against(link, [older, link])


def test_decisions_that_only_together_contradict_are_named() -> None:
    """A link that closes a way around a split stops with the name of the split and of the other link."""
    apart = decide("split", ["a"], ["c"], "", DAY)
    first, second = decide("link", ["a"], ["b"], "", DAY), decide("link", ["b"], ["c"], "", DAY)
    check_against(first, [apart])

    with pytest.raises(ConfigurationError, match="cannot hold together") as raised:
        check_against(second, [apart, first])
    assert apart.decision_id in str(raised.value)
    assert first.decision_id in str(raised.value)
