"""Clusters: whole chains, no strangers, the same ids in whatever order rows come."""

import random
from itertools import pairwise

import pandas as pd
import pytest

from c360.core.errors import C360Error
from c360.identity.clusters import cluster
from c360.privacy.hashing import stable_id

CHAIN = [f"crm:contact:{number:02}" for number in range(50)]
Edges = list[tuple[str, str]]


def customers(records: list[str], edges: Edges) -> dict[str, str]:
    """The customer of each record."""
    clusters = cluster(
        pd.Series(records, dtype="str"), pd.DataFrame(edges, columns=["left_record_id", "right_record_id"])
    )
    assert sorted(set(records)) == clusters["record_id"].tolist()
    return dict(zip(clusters["record_id"], clusters["customer_id"], strict=True))


def test_a_chain_of_fifty_is_one_customer() -> None:
    """Closure has no depth limit: fifty records, each tied to the next, are one person."""
    found = customers(CHAIN, list(pairwise(CHAIN)))

    assert set(found.values()) == {stable_id("c_", CHAIN[0])}


def test_one_missing_link_makes_two_customers() -> None:
    """Nobody is merged without a path of evidence."""
    edges = [pair for pair in pairwise(CHAIN) if pair[0] != CHAIN[24]]
    found = customers(CHAIN, edges)

    assert {found[record] for record in CHAIN[:25]} == {stable_id("c_", CHAIN[0])}
    assert {found[record] for record in CHAIN[25:]} == {stable_id("c_", CHAIN[25])}


def test_a_record_that_shares_nothing_is_a_customer_alone() -> None:
    """Records without an edge are customers too, each its own."""
    assert len(set(customers(CHAIN, []).values())) == len(CHAIN)


def test_order_of_rows_changes_nothing() -> None:
    """A hundred shuffles of records, edges and the ends of edges give the same customers and ids."""
    chance = random.Random(7)  # noqa: S311 - a shuffle, not a secret
    edges = [tuple(chance.sample(CHAIN, 2)) for _ in range(30)]
    expected = customers(CHAIN, edges)
    assert 1 < len(set(expected.values())) < len(CHAIN)

    for _ in range(100):
        records = chance.sample(CHAIN, len(CHAIN))
        turned = [tuple(chance.sample(pair, 2)) for pair in chance.sample(edges, len(edges))]
        assert customers(records, turned) == expected


def test_strangers_do_not_change_an_id() -> None:
    """A customer's id follows from their own records, not from who else is in the data."""
    edges = [("pos:loyalty:1", "web_shop:account:1")]
    few = customers(["pos:loyalty:1", "web_shop:account:1"], edges)
    many = customers([*CHAIN, "pos:loyalty:1", "web_shop:account:1"], edges)

    assert few.items() <= many.items()


def test_no_record_gives_no_customer() -> None:
    """An empty platform has nobody, and that is no error."""
    assert customers([], []) == {}


def test_an_edge_to_nobody_stops() -> None:
    """Evidence about a record that is not there is a fault, and the message does not quote it."""
    with pytest.raises(C360Error, match="1 identity edges name a record") as raised:
        customers(["a"], [("a", "pos:loyalty:secret")])

    assert "secret" not in str(raised.value)
