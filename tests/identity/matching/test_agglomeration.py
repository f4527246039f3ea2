"""Clusters from scored pairs."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from c360.identity.decisions import Decision
from c360.identity.evidence import IDENTIFIERS_SCHEMA, Evidence, Links, gather
from c360.identity.limits.conflicts import Limits
from c360.identity.matching.agglomeration import Agglomeration, agglomerate
from c360.identity.rules import Matching, Rules

RULES = Rules(identifiers={"card": {"max_per_person": 1}})


def _evidence(count: int, cards: dict[int, str] | None = None) -> Evidence:
    ids = [f"r{place:02}" for place in range(count)]
    records = pa.table({"record_id": ids, "source_name": ["shop"] * count})
    rows = [
        {"record_id": ids[place], "identifier_type": "card", "identifier_value": card}
        for place, card in (cards or {}).items()
    ]
    return gather(records, pa.Table.from_pylist(rows, schema=IDENTIFIERS_SCHEMA), RULES)


def _pairs(*scored: tuple[int, int, float]) -> Links:
    left, right, score = zip(*scored, strict=True)
    rule = np.full(len(scored), "matching", dtype=object)
    return Links(np.array(left, np.int64), np.array(right, np.int64), rule, np.array(score))


def _joined(
    evidence: Evidence, pairs: Links, decisions: tuple[Decision, ...] = (), labels: list[int] | None = None
) -> Agglomeration:
    before = np.arange(evidence.record_count) if labels is None else np.array(labels)
    return agglomerate(before, pairs, Limits(evidence, RULES, decisions), Matching(link_probability=0.9))


def test_pairs_that_agree_become_one_cluster_named_by_its_smallest_record() -> None:
    """A triangle of sure pairs is one person; a record without pairs stays alone."""
    found = _joined(_evidence(4), _pairs((1, 2, 0.99), (2, 3, 0.99), (1, 3, 0.95)))

    assert found.labels.tolist() == [0, 1, 1, 1]
    assert len(found.refusals) == 0


def test_links_span_every_cluster_and_nothing_more() -> None:
    """The surest pairs that hold the cluster together are kept: one fewer than its parts."""
    found = _joined(_evidence(3), _pairs((0, 1, 0.99), (1, 2, 0.97), (0, 2, 0.95)))

    assert list(zip(found.links.left.tolist(), found.links.right.tolist(), strict=True)) == [(0, 1), (1, 2)]


def test_one_weak_bridge_does_not_glue_two_people() -> None:
    """Two triangles with one sure pair between them stay apart when the pairs across say no."""
    within = [(a, b, 0.999) for group in ((0, 1, 2), (3, 4, 5)) for a in group for b in group if a < b]
    across = [(a, b, 0.02) for a in (0, 1, 2) for b in (3, 4, 5) if (a, b) != (2, 3)]
    found = _joined(_evidence(6), _pairs(*within, *across, (2, 3, 0.95)))

    assert found.labels.tolist() == [0, 0, 0, 3, 3, 3]
    assert list(found.refusals.reason) == ["weak_bridge"]


def test_a_pair_below_the_asked_for_probability_joins_nothing() -> None:
    """However many unsure pairs there are, one must be sure."""
    found = _joined(_evidence(3), _pairs((0, 1, 0.8), (1, 2, 0.8), (0, 2, 0.8)))

    assert found.labels.tolist() == [0, 1, 2]
    assert len(found.refusals) == 0


def test_a_limit_is_never_broken() -> None:
    """Two records with different cards stay apart, and the third goes with the surer of them."""
    evidence = _evidence(3, {0: "A", 1: "B"})
    found = _joined(evidence, _pairs((0, 1, 0.9999), (0, 2, 0.95), (1, 2, 0.99)))

    assert found.labels.tolist() == [0, 1, 1]
    assert set(found.refusals.reason) == {"too_many_card"}


def test_a_decision_to_split_is_never_overruled() -> None:
    """The surest pair does not join what somebody split."""
    split = Decision("d1", "split", ("r00",), ("r01",), "two people", date(2026, 1, 1))
    found = _joined(_evidence(2), _pairs((0, 1, 0.9999)), (split,))

    assert found.labels.tolist() == [0, 1]
    assert list(found.refusals.reason) == ["split"]


def test_clusters_stay_whole() -> None:
    """What exact rules joined comes along as one, by its surest pair."""
    found = _joined(_evidence(4), _pairs((1, 2, 0.97), (1, 3, 0.02)), labels=[0, 0, 2, 2])

    assert found.labels.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_pairs_changes_nothing(seed: int) -> None:
    """Pairs in any order and with their ends swapped give the same clusters and the same links."""
    chance = np.random.default_rng(seed)
    ends = np.unique(np.sort(chance.integers(0, 30, (120, 2)), axis=1), axis=0)
    rows = [(int(a), int(b), float(chance.choice([0.02, 0.5, 0.95, 0.999]))) for a, b in ends if a < b]
    shuffled = [rows[place] for place in chance.permutation(len(rows))]
    first, second = (_joined(_evidence(30), _pairs(*each)) for each in (rows, shuffled))

    assert len(np.unique(first.labels)) < 30
    assert first.labels.tolist() == second.labels.tolist()
    assert sorted(zip(first.links.left, first.links.right, strict=True)) == sorted(
        zip(second.links.left, second.links.right, strict=True)
    )


@pytest.mark.parametrize("seed", range(5))
def test_every_pair_of_a_cluster_has_a_path_of_links(seed: int) -> None:
    """The links alone give the clusters again."""
    chance = np.random.default_rng(seed)
    ends = np.unique(np.sort(chance.integers(0, 40, (150, 2)), axis=1), axis=0)
    rows = [(int(a), int(b), float(chance.choice([0.1, 0.6, 0.95, 0.999]))) for a, b in ends if a < b]
    found = _joined(_evidence(40), _pairs(*rows))
    joined = list(range(40))
    for left, right in sorted(zip(found.links.left.tolist(), found.links.right.tolist(), strict=True)):
        low, high = sorted((joined[left], joined[right]))
        joined = [low if label == high else label for label in joined]

    assert joined == found.labels.tolist()
    assert len(found.links) == 40 - len(set(joined))
