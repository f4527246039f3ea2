"""Explaining: the shortest path of evidence, whatever the order of edges, and a path for every pair."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from c360.core.errors import C360Error
from c360.identity.questions.explain import Edge, EvidencePaths


def edge(pair: str, rule: str = "email", score: float = 1.0) -> Edge:
    return Edge(pair[0], pair[1], rule, "exact", score)


def told(paths: EvidencePaths, goal: str) -> str:
    """The records of a path and the rules between them: `a email b phone c`."""
    return " ".join(f"{step.from_record_id} {step.edge.rule}" for step in paths.path(goal)) + f" {goal}"


def test_the_fewest_steps_win_however_sure_the_others_are() -> None:
    """Two sure steps are no shorter than a doubtful one."""
    edges = [edge("ab"), edge("bc"), edge("ac", "matching", 0.1)]

    assert told(EvidencePaths(edges, "a"), "c") == "a matching c"


@pytest.mark.parametrize("doubtful", ["b", "c"])
def test_of_equally_short_paths_the_surest_wins(doubtful: str) -> None:
    """And of several pieces of evidence between two records the surest is told."""
    edges = [edge(f"a{way}", score=0.7 if way == doubtful else 0.9) for way in "bc"]
    edges += [edge("bd"), edge("cd"), edge("ac", "phone", 0.6), edge("ab", "phone", 0.6)]
    sure = "c" if doubtful == "b" else "b"

    assert told(EvidencePaths(edges, "a"), "d") == f"a email {sure} email d"


def test_paths_can_be_walked_from_either_end() -> None:
    """An edge has no direction."""
    chain = [edge(left + right) for left, right in pairwise("abcdefgh")]

    assert told(EvidencePaths(chain, "h"), "a") == "h email g email f email e email d email c email b email a"
    assert [step.depth for step in EvidencePaths(chain, "d").steps()] == [1, 1, 2, 2, 3, 3, 4]


def test_the_order_of_edges_changes_nothing() -> None:
    """A hundred shuffles of a dense customer tell the same steps."""
    chance = random.Random(7)  # noqa: S311 - a shuffle, not a secret
    edges = [edge(left + right, score=chance.random()) for left in "abcdefg" for right in "abcdefg" if left < right]
    steps = EvidencePaths(edges, "d").steps()
    assert len(steps) == 6

    for _ in range(100):
        assert EvidencePaths(chance.sample(edges, len(edges)), "d").steps() == steps


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_every_record_that_evidence_reaches_has_a_path(pairs: list[tuple[int, int]]) -> None:
    """Closure by hand finds the same records, and each path is whole."""
    reached = {0}
    for _ in range(10):
        reached |= {end for pair in pairs for end in pair if reached & set(pair)}
    paths = EvidencePaths([edge(f"{left}{right}") for left, right in pairs if left != right], "0")

    assert {step.to_record_id for step in paths.steps()} == {str(one) for one in reached - {0}}
    for step in paths.steps():
        whole = paths.path(step.to_record_id)
        assert len(whole) == step.depth
        assert whole[0].from_record_id == "0"
        assert all(one.to_record_id == other.from_record_id for one, other in pairwise(whole))


def test_a_lone_record_needs_no_evidence() -> None:
    """A customer of one record has no path, and that is no error."""
    assert EvidencePaths([], "a").steps() == []
    assert EvidencePaths([], "a").path("a") == []


def test_a_missing_path_is_a_defect() -> None:
    """Two records of a customer without evidence between them are never passed over in silence."""
    with pytest.raises(C360Error, match="No accepted evidence"):
        EvidencePaths([edge("ab")], "a").path("z")
    with pytest.raises(C360Error, match="No accepted evidence"):
        EvidencePaths([edge("ab"), edge("yz")], "a").path("z")
