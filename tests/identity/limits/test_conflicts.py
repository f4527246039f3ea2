"""Limits: what may never be one person, asked of all clusters at once and of two at a time."""

from datetime import date

import numpy as np
import pytest
from resolved import evidence_of, held, split

from c360.identity.evidence import Evidence
from c360.identity.limits.conflicts import Limits, may_be_one_birth_date
from c360.identity.rules import Rules

RULES = Rules.model_validate(
    {
        "identifiers": {"card": {"max_per_person": 1}, "email": {"max_per_person": 2, "window_days": 30}, "phone": {}},
        "attributes": {"first_name": "first_name", "birth_date": "birth_date"},
    }
)
PAIRS = {
    "name_conflict": [{"first_name": "anna"}, {"first_name": "bert"}],
    "birth_date_conflict": [{"birth_date": "1980-03-04"}, {"birth_date": "1981-03-05"}],
    "too_many_card": [{"card": "1"}, {"card": "2"}],
    None: [{"first_name": "anna", "card": "1", "phone": "1"}, {"first_name": "a", "card": "1", "phone": "2"}],
}


def named(*first_names: str) -> Evidence:
    """A record per name, in this order."""
    return evidence_of({f"r{place}": {"first_name": name} for place, name in enumerate(first_names)}, RULES)


@pytest.mark.parametrize(("reason", "pair"), PAIRS.items())
def test_both_questions_have_one_answer(reason: str | None, pair: list[dict[str, str]]) -> None:
    """What breaks a limit as a cluster is refused as a pair, with the reason."""
    limits = Limits(evidence_of({"x": pair[0], "y": pair[1]}, RULES), RULES)

    assert limits.summary([0]).conflict_with(limits.summary([1])) == reason
    assert limits.broken_by(np.zeros(2, np.int64)).tolist() == ([] if reason is None else [0])
    assert limits.broken_by(np.arange(2)).tolist() == []


def test_a_split_keeps_every_left_record_from_every_right_one() -> None:
    """And says nothing about records of the same side, or about records that are gone."""
    evidence = evidence_of({name: {} for name in "abcd"}, RULES)
    limits = Limits(evidence, RULES, [split("ab", "cz")])

    assert limits.summary([0]).conflict_with(limits.summary([2])) == "split"
    assert limits.summary([2, 3]).conflict_with(limits.summary([1])) == "split"
    assert limits.summary([0]).conflict_with(limits.summary([1, 3])) is None
    assert limits.broken_by(np.array([0, 1, 1, 3])).tolist() == [1]


def test_a_name_that_the_other_side_explains_tells_nobody_apart() -> None:
    """Once a decision made Anna and Bert one person, records of either belong to them; a third name does not."""
    evidence = evidence_of(
        {str(n): {"first_name": name} for n, name in enumerate(["anna", "bert", "bert", "carl"])}, RULES
    )
    limits = Limits(evidence, RULES)
    both = limits.summary([0, 1])

    assert both.conflict_with(limits.summary([2])) is None
    assert both.conflict_with(limits.summary([3])) == "name_conflict"


def test_initials_explain_no_other_name() -> None:
    """`A.` beside `Anna` is Anna: it does not open the cluster to Alain."""
    evidence = named("anna", "a", "alain", "b")
    limits = Limits(evidence, RULES)
    anna = limits.summary([0]).joined(limits.summary([1]))

    assert anna.conflict_with(limits.summary([2])) == "name_conflict"
    assert limits.summary([1]).conflict_with(limits.summary([2])) is None
    assert [limits.summary(which).tells_apart for which in ([0, 1], [1], [])] == [3, 2, 0]


def test_values_count_together_within_the_window_only() -> None:
    """Three addresses in a month are too many, three over the years are not; an unknown day counts always."""
    days = {"a": date(2026, 1, 1), "b": date(2026, 1, 20), "c": date(2026, 1, 30), "d": date(2026, 5, 1), "e": None}
    evidence = evidence_of({name: {"email": held(name, day)} for name, day in days.items()}, RULES)
    limits = Limits(evidence, RULES)
    two = limits.summary([0, 1])

    assert two.conflict_with(limits.summary([2])) == "too_many_email"
    assert two.conflict_with(limits.summary([3])) is None
    assert two.conflict_with(limits.summary([4])) == "too_many_email"


def test_what_a_single_record_holds_is_no_reason_against_others() -> None:
    """A record that came with two cards is one person; another with one of them joins, one with a third does not."""
    evidence = evidence_of({"x": {"card": ["1", "2"]}, "y": {"card": "2"}, "z": {"card": "3"}}, RULES)
    limits = Limits(evidence, RULES)
    two_cards = limits.summary([0])

    assert two_cards.conflict_with(limits.summary([1])) is None
    assert two_cards.conflict_with(limits.summary([2])) == "too_many_card"


@pytest.mark.parametrize(
    ("left", "right", "may_be_one"),
    [
        (19800304, 19800304, True),
        (19800304, 19800314, True),
        (19800304, 19800403, True),
        (19800304, 19810304, True),
        (19800304, 19810314, False),
        (19800304, 19800512, False),
    ],
)
def test_dates_are_two_people_when_two_parts_differ(left: int, right: int, may_be_one: bool) -> None:
    """One part mistyped, or day and month swapped, is the same birth date."""
    assert may_be_one_birth_date(left, right) is may_be_one
    assert may_be_one_birth_date(right, left) is may_be_one


def test_many_spellings_are_looked_at_one_by_one() -> None:
    """A cluster with more names than would be compared in pairs is never taken as a whole."""
    evidence = evidence_of({f"{n:02}": {"first_name": "anna" + " a" * n} for n in range(14)}, RULES)

    assert Limits(evidence, RULES).broken_by(np.zeros(14, np.int64)).tolist() == [0]
