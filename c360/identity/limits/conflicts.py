"""What may never be one person: other first names, other birth dates, too many identifiers, a decision to split.

`Limits` is asked in two ways. `broken_by` looks at all clusters at once, in columns. `summary` and `summaries` give
for single clusters what counts about them, so that clusters are merged one by one without looking at records again:

    left, right = limits.summary(left_positions), limits.summary(right_positions)
    reason = left.conflict_with(right)  # None, or why they cannot be one person
    if reason is None:
        left = left.joined(right)
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from c360.identity.codes import Codes, distinct, distinct_pairs, places_of, ranges
from c360.identity.evidence import Evidence, Positions
from c360.identity.limits.holdings import Holdings, attribute
from c360.identity.limits.names import FirstNames, is_initial
from c360.identity.rules import Rules

if TYPE_CHECKING:
    from c360.identity.decisions import Decision

MAX_SPELLINGS = 12
"""A cluster with more different first names, or birth dates, counts as broken without comparing all of them."""

UNKNOWN = -1
"""The number of a text that is not there."""
_LEFT, _RIGHT = 0, 1
_NOBODY: frozenset[int] = frozenset()
_NEVER_SPLIT: frozenset[tuple[int, int]] = frozenset()

_NO_LABELS = np.empty(0, np.int64)

Held = frozenset[tuple[int, int, int]]
"""Identifiers of limited types: place of the type, value, and the day on which it was first seen (-1: unknown)."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What counts about one cluster when it is asked whether it may be one person with another."""

    limits: "Limits" = field(repr=False, compare=False)
    names: frozenset[int] = _NOBODY
    birth_dates: frozenset[int] = _NOBODY
    held: Held = frozenset()
    sides: frozenset[tuple[int, int]] = _NEVER_SPLIT

    @property
    def tells_apart(self) -> int:
        """How far the cluster can be told from others: 3 by a first name, 2 an initial, 1 anything else, 0 nothing."""
        if self.names:
            return 2 if self.limits.are_initials(self.names) else 3
        return 1 if self.birth_dates or self.sides else 0

    def conflict_with(self, other: "Summary") -> str | None:
        """Why the two clusters cannot be one person; None when they can.

        `split`, `name_conflict`, `birth_date_conflict`, or `too_many_<type>`, as `Refusals` has them.
        """
        if self._is_split_from(other):
            return "split"
        if _are_apart(self.names, other.names, self.limits.may_be_one_name):
            return "name_conflict"
        if _are_apart(self.birth_dates, other.birth_dates, may_be_one_birth_date):
            return "birth_date_conflict"
        return self.limits.excess(self.held, other.held) if self.held and other.held else None

    def forbids(self, other: "Summary") -> str | None:
        """As `conflict_with`, but only what no likeness may overrule: `split` or `too_many_<type>`.

        Matching weighs names and birth dates itself, together with how often the data misspell them.
        """
        if self._is_split_from(other):
            return "split"
        return self.limits.excess(self.held, other.held) if self.held and other.held else None

    def _is_split_from(self, other: "Summary") -> bool:
        return bool(self.sides) and any((number, 1 - side) in other.sides for number, side in self.sides)

    def joined(self, other: "Summary") -> "Summary":
        """The summary of both clusters as one."""
        return Summary(
            self.limits,
            self.limits.telling_names(self.names | other.names),
            self.birth_dates | other.birth_dates,
            self.held | other.held,
            self.sides | other.sides,
        )


class Limits:
    """What may never be together, for the records of one evidence.

    Args:
        evidence: Records and identifiers.
        rules: How many values of a type one person may hold.
        decisions: Splits among them are limits; links are not.
        names: Judges first names; by default without anything learned.
    """

    def __init__(
        self,
        evidence: Evidence,
        rules: Rules,
        decisions: "Sequence[Decision]" = (),
        names: FirstNames | None = None,
    ) -> None:
        self._rules = list(rules.identifiers.items())
        self._names = names or FirstNames()
        self._name_of, self._spellings = coded(first_names(evidence, rules), evidence.record_count)
        self._initials = frozenset(code for code, name in enumerate(self._spellings) if is_initial(name))
        self._birth_date_of = _birth_dates(attribute(evidence, rules, "birth_date"), evidence.record_count)
        self._held = _LimitedHoldings.of(evidence, rules)
        self._sides = _sides(evidence, decisions)

    def broken_by(self, labels: Positions) -> Positions:
        """The labels, ascending, of clusters that may break a limit, and so have to be built one by one.

        Every cluster that breaks one is among them. So is one in which a single record breaks it, which no merge can
        mend, and one that holds its identifiers at different times where only `window_days` count together.
        """
        broken = [
            _labels_apart(labels, self._name_of, self.may_be_one_name),
            _labels_apart(labels, self._birth_date_of, may_be_one_birth_date),
            *(self._labels_with_too_many(labels, place) for place in range(len(self._rules))),
            self._labels_split(labels),
        ]
        return distinct(np.concatenate(broken))

    def summary(self, positions: Iterable[int] | Positions) -> Summary:
        """What counts about the cluster of these records."""
        records = np.asarray(positions, dtype=np.int64)
        summary = self.summaries(np.zeros(len(records), np.int64), records)
        return summary.get(0, Summary(self))

    def summaries(self, labels: Positions, records: Positions) -> dict[int, Summary]:
        """By label, what counts about each cluster of `records`, whose labels are given beside them."""
        names = _grouped(labels, records, self._name_of)
        birth_dates = _grouped(labels, records, self._birth_date_of)
        held = self._held.grouped(labels, records)
        sides: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
        if self._sides:
            for label, record in zip(labels.tolist(), records.tolist(), strict=True):
                sides[label].update(self._sides.get(record, ()))
        return {
            label: Summary(
                self,
                self.telling_names(frozenset(names.get(label, ()))),
                frozenset(birth_dates.get(label, ())),
                frozenset(held.get(label, ())),
                frozenset(sides.get(label, ())),
            )
            for label in distinct(labels).tolist()
        }

    def of_decisions(self, records: Iterable[int]) -> dict[int, Summary]:
        """By record, what decisions keep it from, and nothing else."""
        return {record: Summary(self, sides=frozenset(self._sides.get(record, ()))) for record in records}

    def may_be_one_name(self, left: int, right: int) -> bool:
        """Whether two names, by their numbers, may be one person's."""
        return self._names.may_be_one(self._spellings[left], self._spellings[right])

    def are_initials(self, names: frozenset[int]) -> bool:
        """Whether none of the names is more than initials."""
        return names <= self._initials

    def telling_names(self, names: frozenset[int]) -> frozenset[int]:
        """The names without initials, which fit strangers as well, unless there is nothing else."""
        return (names - self._initials) or names

    def excess(self, left: Held, right: Held) -> str | None:
        """Which type of identifier one person would hold too many values of, as a reason; None if there is none."""
        for place in {kind for kind, _, _ in left} & {kind for kind, _, _ in right}:
            name, rule = self._rules[place]
            values = {value for rows in (left, right) for kind, value, _ in rows if kind == place}
            if len(values) <= (rule.max_per_person or len(values)):
                continue
            mine, others = ({row for row in rows if row[0] == place} for rows in (left, right))
            together = _most_at_once(mine | others, rule.window_days)
            before = max(_most_at_once(rows, rule.window_days) for rows in (mine, others))
            if together > max(rule.max_per_person or together, before):
                return f"too_many_{name}"
        return None

    def _labels_with_too_many(self, labels: Positions, place: int) -> Positions:
        limit = self._rules[place][1].max_per_person
        if limit is None:
            return _NO_LABELS
        is_kind = self._held.kind == place
        holders, values = labels[self._held.record[is_kind]], self._held.value[is_kind]
        is_many = (np.bincount(holders, minlength=1) > limit)[holders]
        counts = np.bincount(distinct_pairs(holders[is_many], values[is_many])[0])
        return np.flatnonzero(counts > limit)

    def _labels_split(self, labels: Positions) -> Positions:
        seen = {(number, side, int(labels[record])) for record, sides in self._sides.items() for number, side in sides}
        both = {label for number, side, label in seen if side == _LEFT and (number, _RIGHT, label) in seen}
        return np.array(sorted(both), np.int64)


@dataclass(frozen=True)
class _LimitedHoldings:
    """The identifiers that a person may hold only so many of: one row per record and value."""

    record: Positions
    value: Codes
    kind: npt.NDArray[np.int16]
    day: npt.NDArray[np.int64]

    @classmethod
    def of(cls, evidence: Evidence, rules: Rules) -> "_LimitedHoldings":
        holdings = Holdings.of(evidence.identifiers, rules)
        is_limited = np.array([rule.max_per_person is not None for rule in rules.identifiers.values()], bool)
        kept = is_limited[holdings.kind]
        days = evidence.identifiers["first_seen_at"].cast(pa.date32()).cast(pa.int32()).fill_null(UNKNOWN)
        return cls(
            holdings.record[kept], holdings.value[kept], holdings.kind[kept], days.to_numpy().astype(np.int64)[kept]
        )

    @cached_property
    def _by_record(self) -> tuple[Positions, Codes]:
        """The rows in the order of their records, and those records."""
        order = np.argsort(self.record, kind="stable")
        return order, self.record[order]

    def grouped(self, labels: Positions, records: Positions) -> dict[int, set[tuple[int, int, int]]]:
        """By label, what its records hold."""
        order, sorted_records = self._by_record
        starts = np.searchsorted(sorted_records, records, "left")
        ends = np.searchsorted(sorted_records, records, "right")
        rows = order[ranges(starts, ends)]
        columns = (np.repeat(labels, ends - starts), self.kind[rows], self.value[rows], self.day[rows])
        held: defaultdict[int, set[tuple[int, int, int]]] = defaultdict(set)
        for label, *seen in zip(*(column.tolist() for column in columns), strict=True):
            held[label].add((seen[0], seen[1], seen[2]))
        return held


def first_names(evidence: Evidence, rules: Rules) -> pa.Array | None:
    """The folded first name of each record; of a full name, its first part. None when the rules name neither."""
    first = attribute(evidence, rules, "first_name")
    if first is not None:
        return first
    full = attribute(evidence, rules, "full_name")
    return None if full is None else pc.list_element(pc.split_pattern(full, " ", max_splits=1), 0)


@cache
def may_be_one_birth_date(left: int, right: int) -> bool:
    """Whether two dates, as the numbers 19800304, may be one: at most one of year, month and day differs.

    Or month and day are in each other's place.
    """
    (year, month_day), (other_year, other_month_day) = divmod(left, 10_000), divmod(right, 10_000)
    (month, day), (other_month, other_day) = divmod(month_day, 100), divmod(other_month_day, 100)
    if year == other_year and (month, day) == (other_day, other_month):
        return True
    return (year != other_year) + (month != other_month) + (day != other_day) < 2


def _are_apart(lefts: frozenset[int], rights: frozenset[int], may_be_one: Callable[[int, int], bool]) -> bool:
    """Whether each side has a name, or a date, that none of the other side explains."""
    if not lefts or not rights or lefts == rights:
        return False
    return _has_unexplained(lefts, rights, may_be_one) and _has_unexplained(rights, lefts, may_be_one)


def _has_unexplained(some: frozenset[int], others: frozenset[int], may_be_one: Callable[[int, int], bool]) -> bool:
    return any(not any(may_be_one(one, other) for other in others) for one in some)


def _most_at_once(rows: set[tuple[int, int, int]], window_days: int | None) -> int:
    """How many different values were first seen within some window; values of an unknown day are in every window."""
    first_seen = {value: day for _, value, day in sorted(rows, reverse=True)}
    if window_days is None:
        return len(first_seen)
    days = sorted(day for day in first_seen.values() if day != UNKNOWN)
    within = (place + 1 - bisect_left(days, day - window_days + 1) for place, day in enumerate(days))
    return len(first_seen) - len(days) + max(within, default=0)


def coded(texts: pa.Array | None, count: int) -> tuple[Codes, list[str]]:
    """A number for each text, or `UNKNOWN`, and the texts by number. `count`: how many records there are."""
    if texts is None:
        return np.full(count, UNKNOWN), []
    encoded = pc.if_else(pc.equal(texts, ""), pa.scalar(None, texts.type), texts).dictionary_encode()
    return encoded.indices.fill_null(UNKNOWN).to_numpy().astype(np.int64), encoded.dictionary.to_pylist()


def _birth_dates(dates: pa.Array | None, count: int) -> Codes:
    """Dates as the numbers 19800304."""
    codes, texts = coded(dates, count)
    numbers = np.array([*(_as_number(text) for text in texts), UNKNOWN], np.int64)
    return numbers[codes]


def _as_number(text: str) -> int:
    try:
        return int(date.fromisoformat(text[:10]).strftime("%Y%m%d"))
    except ValueError:
        return UNKNOWN


def _sides(evidence: Evidence, decisions: "Sequence[Decision]") -> dict[int, tuple[tuple[int, int], ...]]:
    """By record, the splits that name it and on which side."""
    sides: defaultdict[int, tuple[tuple[int, int], ...]] = defaultdict(tuple)
    splits = [decision for decision in decisions if decision.kind == "split"]
    for (number, split), side in product(enumerate(splits), (_LEFT, _RIGHT)):
        for record in places_of(split.right if side else split.left, evidence.records["record_id"]).tolist():
            sides[record] += ((number, side),)
    return dict(sides)


def _grouped(labels: Positions, records: Positions, codes: Codes) -> dict[int, set[int]]:
    is_known = codes[records] != UNKNOWN
    found: defaultdict[int, set[int]] = defaultdict(set)
    for label, code in zip(labels[is_known].tolist(), codes[records[is_known]].tolist(), strict=True):
        found[label].add(code)
    return found


def _labels_apart(labels: Positions, codes: Codes, may_be_one: Callable[[int, int], bool]) -> Positions:
    """The labels whose records bear codes that cannot be one person's, or more than `MAX_SPELLINGS` codes."""
    is_known = codes != UNKNOWN
    label, code = labels[is_known], codes[is_known]
    some_code = np.empty(len(labels), np.int64)
    some_code[label] = code
    is_mixed = np.zeros(len(labels), bool)
    is_mixed[label[some_code[label] != code]] = True
    label, code = distinct_pairs(label[is_mixed[label]], code[is_mixed[label]])
    broken = [label[MAX_SPELLINGS:][label[MAX_SPELLINGS:] == label[:-MAX_SPELLINGS]]]
    for step in range(1, MAX_SPELLINGS):
        is_pair = label[step:] == label[:-step]
        if not is_pair.any():
            break
        lefts, rights = code[:-step][is_pair], code[step:][is_pair]
        broken.append(label[step:][is_pair][~_judged(lefts, rights, may_be_one)])
    return np.concatenate(broken)


def _judged(lefts: Codes, rights: Codes, may_be_one: Callable[[int, int], bool]) -> npt.NDArray[np.bool_]:
    """The judgement of each pair, asked once per distinct pair."""
    pairs = lefts << 32 | rights
    different, place = np.unique(pairs, return_inverse=True)
    answers = [may_be_one(pair >> 32, pair & 0xFFFFFFFF) for pair in different.tolist()]
    return np.array(answers, bool)[place]
