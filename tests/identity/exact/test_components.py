"""Components: whole chains, no strangers, each named by its smallest position, in whatever order edges come."""

import random
from itertools import pairwise

import numpy as np

from c360.identity.exact.components import components

COUNT = 50
Edges = list[tuple[int, int]]
CHAIN: Edges = list(pairwise(range(COUNT)))


def found(edges: Edges) -> list[int]:
    """The smallest position that each of `COUNT` positions hangs together with."""
    ends = np.array(edges, np.int64).reshape(-1, 2)
    return components(COUNT, ends[:, 0], ends[:, 1]).tolist()


def test_a_chain_of_fifty_is_one() -> None:
    """Closure has no depth limit."""
    assert found(CHAIN) == [0] * COUNT


def test_one_missing_link_makes_two() -> None:
    """Nobody is together without a path, and each is called by its own smallest."""
    assert found([pair for pair in CHAIN if pair[0] != 24]) == [0] * 25 + [25] * 25


def test_who_has_no_edge_is_alone() -> None:
    """Positions without an edge are components too."""
    assert found([]) == list(range(COUNT))


def test_order_and_direction_of_edges_change_nothing() -> None:
    """A hundred shuffles of edges and of their ends give the same components."""
    chance = random.Random(7)  # noqa: S311 - a shuffle, not a secret
    edges = [(chance.randrange(COUNT), chance.randrange(COUNT)) for _ in range(30)]
    expected = found(edges)
    assert 1 < len(set(expected)) < COUNT

    for _ in range(100):
        assert found([pair[:: chance.choice([1, -1])] for pair in chance.sample(edges, len(edges))]) == expected


def test_nothing_gives_nothing() -> None:
    """An empty platform has nobody, and that is no error."""
    assert components(0, np.empty(0, np.int64), np.empty(0, np.int64)).tolist() == []
