"""What people decided about who is one person: stronger than any rule, and never forgotten.

`decisions.jsonl` holds one decision a line and only grows. A decision names records, not customers: records keep their
ids whatever becomes of the customers.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from c360.core.errors import ConfigurationError
from c360.core.files import appearing
from c360.privacy.hashing import stable_id

Kind = Literal["split", "link"]
_DECISION_PREFIX = "d_"
_Records = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]


@dataclass(frozen=True)
class Decision:
    """One act of a person.

    kind: `split` keeps every left record apart from every right one; `link` says that all of them are one person.
    left, right: record ids, sorted. reason: why, in the words of who decided. decided_on: the `as_of` it was made at.
    """

    decision_id: str
    kind: Kind
    left: _Records
    right: _Records
    reason: str
    decided_on: date

    def contradicts(self, other: "Decision") -> bool:
        """Whether one keeps apart what the other ties."""
        if self.kind == other.kind:
            return False
        split, link = (self, other) if self.kind == "split" else (other, self)
        tied = {*link.left, *link.right}
        return not tied.isdisjoint(split.left) and not tied.isdisjoint(split.right)


@dataclass(frozen=True)
class Contradiction:
    """A split between records that links tie by way of others. The split stands; one of the links will be refused."""

    split_id: str
    link_ids: tuple[str, ...]
    left_record: str
    right_record: str


_LINE = TypeAdapter(Decision)


def decisions_path(identity_dir: Path) -> Path:
    """Where the decisions lie."""
    return identity_dir / "decisions.jsonl"


def decide(kind: Kind, left: Iterable[str], right: Iterable[str], reason: str, decided_on: date) -> Decision:
    """A decision about these records, with its id.

    Raises:
        ConfigurationError: a side is empty, or a record is on both.
    """
    lefts, rights = tuple(sorted(set(left))), tuple(sorted(set(right)))
    if not lefts or not rights:
        raise ConfigurationError(f"A {kind} needs records on both sides; one side names none.")
    if both := sorted({*lefts} & {*rights}):
        raise ConfigurationError(
            f"{len(both)} records are on both sides of the {kind}, the first is {both[0]}. Name each on one side."
        )
    decision_id = stable_id(_DECISION_PREFIX, json.dumps([kind, lefts, rights, decided_on.isoformat()]))
    return Decision(decision_id, kind, lefts, rights, reason, decided_on)


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """Every decision in the order it was made; none when nobody decided anything yet.

    Raises:
        ConfigurationError: a line cannot be read.
    """
    if not path.exists():
        return ()
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(_read_line(path, number, line) for number, line in enumerate(lines, start=1) if line.strip())


def append_decision(path: Path, decision: Decision) -> bool:
    """Write a decision down, after those before it; False when the same one stands already, which writes nothing.

    Raises:
        ConfigurationError: a line of the file cannot be read.
    """
    made = read_decisions(path)
    if any(_is_same(decision, other) for other in _not_taken_back(made)):
        return False
    with appearing(path) as part:
        part.write_text("".join(f"{_as_line(one)}\n" for one in (*made, decision)), encoding="utf-8")
    return True


def standing(decisions: Sequence[Decision], as_of: date) -> tuple[Decision, ...]:
    """The decisions that count for a run about `as_of`, in the order they were made.

    A later decision takes back the earlier ones it contradicts. Of those left, a split counts however recent it is, so
    that the run of an earlier day does not show one person another's orders again; a link counts from its day on.
    """
    left = _not_taken_back(decisions)
    return tuple(one for one in left if one.kind == "split" or one.decided_on <= as_of)


def contradictions(decisions: Sequence[Decision]) -> list[Contradiction]:
    """The splits that no single link contradicts and yet links tie, among decisions that stand."""
    links = [decision for decision in decisions if decision.kind == "link"]
    group_of = _groups(links)
    found = []
    for split in decisions:
        if split.kind == "split" and (pair := _tied_pair(split, group_of)):
            group = group_of[pair[0]]
            ties = tuple(link.decision_id for link in links if group_of[link.left[0]] == group)
            found.append(Contradiction(split.decision_id, ties, *pair))
    return found


def _read_line(path: Path, number: int, line: str) -> Decision:
    try:
        return _LINE.validate_json(line)
    except ValidationError:
        raise ConfigurationError(
            f"{path}, line {number}: this is no decision. The file is written by `c360 identity split` and `link` "
            "only; bring the line back from a copy, or take it out."
        ) from None


def _as_line(decision: Decision) -> str:
    return json.dumps(asdict(decision) | {"decided_on": decision.decided_on.isoformat()}, ensure_ascii=False)


def _is_same(one: Decision, other: Decision) -> bool:
    sides = {(other.left, other.right), (other.right, other.left)}
    return one.kind == other.kind and (one.left, one.right) in sides


def _not_taken_back(decisions: Sequence[Decision]) -> list[Decision]:
    """Decisions without those that a later one contradicts."""
    last_named: dict[tuple[Kind, str], int] = {}
    for place, decision in enumerate(decisions):
        last_named |= {(decision.kind, record): place for record in chain(decision.left, decision.right)}
    return [one for place, one in enumerate(decisions) if not _is_taken_back(place, one, decisions, last_named)]


def _is_taken_back(
    place: int, decision: Decision, decisions: Sequence[Decision], last_named: dict[tuple[Kind, str], int]
) -> bool:
    opposite: Kind = "link" if decision.kind == "split" else "split"
    is_named_later = any(last_named.get((opposite, one), -1) > place for one in (*decision.left, *decision.right))
    return is_named_later and any(decision.contradicts(later) for later in decisions[place + 1 :])


def _groups(links: Sequence[Decision]) -> dict[str, str]:
    """Each linked record with the name of its group: a record that links tie it to."""
    members: dict[str, list[str]] = {record: [record] for link in links for record in (*link.left, *link.right)}
    group_of = {record: record for record in members}
    for link in links:
        tied = {group_of[record] for record in (*link.left, *link.right)}
        largest = max(tied, key=lambda group: (len(members[group]), group))
        for group in tied - {largest}:
            moved = members.pop(group)
            members[largest] += moved
            group_of |= dict.fromkeys(moved, largest)
    return group_of


def _tied_pair(split: Decision, group_of: dict[str, str]) -> tuple[str, str] | None:
    """The first left and right record of a split that links tie."""
    first_right = {group_of[record]: record for record in reversed(split.right) if record in group_of}
    pairs = ((record, first_right[group_of[record]]) for record in split.left if group_of.get(record) in first_right)
    return next(pairs, None)
