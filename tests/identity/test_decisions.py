"""What people decide is kept, counts from its day, and can be taken back."""

from datetime import date
from pathlib import Path

import pytest
from identity.partitions import DAY, day

from c360.core.errors import ConfigurationError
from c360.identity.decisions import (
    Decision,
    append_decision,
    contradictions,
    decide,
    decisions_path,
    read_decisions,
    standing,
)


def split(left: str, right: str, on: date = DAY) -> Decision:
    return decide("split", left.split(), right.split(), "not the same", on)


def link(left: str, right: str, on: date = DAY) -> Decision:
    return decide("link", left.split(), right.split(), "asked them", on)


def test_decisions_come_back_in_the_order_they_were_made(tmp_path: Path) -> None:
    """One a line, with records sorted and the reason as it was given."""
    path = decisions_path(tmp_path / "identity")
    made = [split("b a", "c"), link("x", "y"), decide("split", ["p"], ["q"], "« deux »", day(2))]

    assert [append_decision(path, one) for one in made] == [True] * 3
    assert read_decisions(path) == tuple(made)
    assert read_decisions(path)[0].left == ("a", "b")
    assert read_decisions(path)[2].reason == "« deux »"


def test_nobody_decided_anything_yet(tmp_path: Path) -> None:
    """Without a file there are no decisions."""
    assert read_decisions(decisions_path(tmp_path)) == ()


def test_a_decision_that_stands_is_not_written_twice(tmp_path: Path) -> None:
    """Saying it again, the sides exchanged, adds no line; saying it again after it was taken back does."""
    path = decisions_path(tmp_path)
    append_decision(path, split("a", "b"))

    assert not append_decision(path, split("b", "a"))
    assert append_decision(path, link("a", "b"))
    assert append_decision(path, split("a", "b"))
    assert [one.kind for one in read_decisions(path)] == ["split", "link", "split"]


def test_a_line_that_is_no_decision_is_named(tmp_path: Path) -> None:
    """The error says which line, and does not quote it."""
    path = decisions_path(tmp_path)
    append_decision(path, split("a", "b"))
    with path.open("a", encoding="utf-8") as lines:
        lines.write('{"kind": "split", "left": ["jane@shop.test"]\n')

    with pytest.raises(ConfigurationError, match="line 2") as raised:
        read_decisions(path)

    assert "jane" not in str(raised.value)


@pytest.mark.parametrize(("left", "right"), [("", "b"), ("a", ""), ("a b", "b")])
def test_a_decision_needs_two_sides(left: str, right: str) -> None:
    """Nothing can be kept apart from nothing, or from itself."""
    with pytest.raises(ConfigurationError, match="side"):
        split(left, right)


def test_a_later_decision_takes_back_an_earlier_one() -> None:
    """What was split may be linked again, and the other way round; the last word counts."""
    first, second, third = split("a", "b c"), link("a", "c"), split("a", "c")
    other = split("x", "y")

    assert standing([first, other, second], DAY) == (other, second)
    assert standing([first, other, second, third], DAY) == (other, third)


def test_a_split_counts_however_recent_and_a_link_from_its_day_on() -> None:
    """The run of an earlier day does not merge again what is known to be apart."""
    late_split, late_link = split("a", "b", day(9)), link("x", "y", day(9))

    assert standing([late_split, late_link], DAY) == (late_split,)
    assert standing([late_split, late_link], day(9)) == (late_split, late_link)


def test_a_split_that_links_go_around_is_reported() -> None:
    """Nobody said a and d are one, but together three links say it: the links and two records are named."""
    ties = [link("a", "b"), link("b", "c"), link("c", "d")]
    apart = split("a z", "d")
    [found] = contradictions([*ties, link("m", "n"), apart])

    assert (found.split_id, found.left_record, found.right_record) == (apart.decision_id, "a", "d")
    assert found.link_ids == tuple(one.decision_id for one in ties)
    assert contradictions([*ties, split("a", "n")]) == []


def test_a_cycle_of_contradictions_ends() -> None:
    """A ring of links with a split across every pair is answered, once per split that links tie."""
    ring = [link(f"r{number}", f"r{(number + 1) % 50}") for number in range(50)]
    across = [split(f"r{number}", f"r{(number + 25) % 50}") for number in range(25)]

    assert len(contradictions([*ring, *across])) == 25
