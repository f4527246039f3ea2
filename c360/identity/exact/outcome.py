"""What became of every identifier: the links it gave, the merges that were refused, the bridges it would have been."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from c360.identity.codes import Codes, ranges
from c360.identity.evidence import Evidence, Links, Positions, Refusals
from c360.identity.limits.conflicts import Limits, Summary
from c360.identity.limits.holdings import Holdings
from c360.identity.rules import Rules

BRIDGES_SCHEMA = pa.schema(
    [
        ("identifier_type", pa.string()),
        ("identifier_value", pa.string()),
        ("people_count", pa.int64()),
        ("record_count", pa.int64()),
        ("action", pa.string()),
    ]
)
"""A value that several people hold. `action`: `split_by_name`, each holder joined their own; `ignored`, it ties nobody;
`kept_anonymous`, what holds nothing else is nobody's; `blocked`, the rules say that it identifies nobody."""

MAX_COMPARED_PEOPLE = 10
"""At one value, refused merges are told with so many of its people at most."""

Flags = npt.NDArray[np.bool_]
Pair = tuple[int, int]
Refused = tuple[int, int, str, str]
"""Left and right position, rule and reason."""


@dataclass(frozen=True)
class Outcome:
    """A finished closure, told value by value.

    labels: the cluster of each record. is_ignored: by value, whether it proved to be no evidence. is_known: by record,
    whether its cluster was more than anonymous before devices were looked at.
    """

    evidence: Evidence
    rules: Rules
    limits: Limits
    holdings: Holdings
    labels: Positions
    is_ignored: Flags
    is_known: Flags

    def links(self) -> Links:
        """The evidence that was followed: at each value, the first of its holders in a cluster with each other one."""
        found = Links.none()
        for place, (name, rule) in enumerate(self.rules.identifiers.items()):
            held = self.holdings
            rows = np.flatnonzero((held.kind == place) & ~self.is_ignored[held.value])
            left, right = self._stars(rows) if rule.joins == "people" else self._device_stars(rows)
            found += _links(left, right, name)
        return found

    def _stars(self, rows: Codes) -> tuple[Positions, Positions]:
        record, value = self.holdings.record[rows], self.holdings.value[rows]
        label = self.labels[record]
        first = self.holdings.record[self.holdings.first_row[value]]
        is_with_first = label == self.labels[first]
        others = np.flatnonzero(~is_with_first)
        others = others[np.lexsort((record[others], label[others], value[others]))]
        first[others] = first_in_run(record[others], value[others], label[others])
        is_tied = first != record
        return first[is_tied], record[is_tied]

    def _device_stars(self, rows: Codes) -> tuple[Positions, Positions]:
        """Known people are not tied by a device: what is anonymous hangs on one of them, or on its first."""
        record, value = self.holdings.record[rows], self.holdings.value[rows]
        label, is_known = self.labels[record], self.is_known[record]
        order = np.lexsort((record, ~is_known, label, value))
        record, is_known = record[order], is_known[order]
        first = first_in_run(record, value[order], label[order])
        is_tied = (first != record) & ~is_known
        return first[is_tied], record[is_tied]

    def refusals(self) -> Refusals:
        """The evidence that was not followed: clusters that hold a value in common, two by two."""
        value, record = self._shared
        is_device = self._joins_anonymous[self.holdings.kind_of_value[value]]
        is_ignored = self.is_ignored[value]
        everybody = self._refused_everybody(value[is_ignored], record[is_ignored])
        is_device_left, is_people = ~is_ignored & is_device, ~is_ignored & ~is_device
        devices = self._refused_devices(value[is_device_left], record[is_device_left])
        return everybody + devices + self._refused_people(value[is_people], record[is_people])

    @cached_property
    def _shared(self) -> tuple[Codes, Positions]:
        """Values that several clusters hold, with the first holder in each cluster; by value and record."""
        held = self.holdings
        label = self.labels[held.record]
        is_apart = np.zeros(len(held.first_row) - 1, bool)
        is_apart[held.value[label != label[held.first_row[held.value]]]] = True
        rows = np.flatnonzero(is_apart[held.value])
        rows = rows[np.lexsort((held.record[rows], label[rows], held.value[rows]))]
        rows = np.sort(rows[_starts_run(held.value[rows], label[rows])])
        return held.value[rows], held.record[rows]

    def _refused_everybody(self, value: Codes, record: Positions) -> Refusals:
        first = first_in_run(record, value)
        is_other = first != record
        return _refusals(first[is_other], record[is_other], self._names_of(value[is_other]), "shared_by_too_many")

    def _refused_devices(self, value: Codes, record: Positions) -> Refusals:
        """Anonymous clusters with each person who holds their value as well."""
        is_known = self.is_known[record]
        persons, person_values = record[is_known], value[is_known]
        starts, ends = (np.searchsorted(person_values, value[~is_known], side) for side in ("left", "right"))
        device, person = np.repeat(record[~is_known], ends - starts), persons[ranges(starts, ends)]
        names = self._names_of(np.repeat(value[~is_known], ends - starts))
        return _refusals(np.minimum(device, person), np.maximum(device, person), names, "ambiguous")

    def _refused_people(self, value: Codes, record: Positions) -> Refusals:
        """Clusters that share a value, with the reason for which they are two."""
        is_concerned = np.zeros(len(self.labels), bool)
        is_concerned[self.labels[record]] = True
        members = np.flatnonzero(is_concerned[self.labels])
        summaries = self.limits.summaries(self.labels[members], members)
        starts = np.flatnonzero(_starts_run(value))
        types = list(self.rules.identifiers)
        rows: list[Refused] = []
        for start, end in pairwise([*starts.tolist(), len(value)]):
            rule = types[self.holdings.kind_of_value[value[start]]]
            holders = [(summaries[int(self.labels[one])], int(one)) for one in record[start:end]]
            rows += [(*pair, rule, reason) for pair, reason in _reasons(holders)]
        return refusals_of(rows)

    def bridges(self) -> pa.Table:
        """Values that several people hold, and what was done about them; sorted by type and value."""
        value, record = self._shared
        is_known = self.is_known[record] | ~self._joins_anonymous[self.holdings.kind_of_value[value]]
        values, people = np.unique(value[is_known], return_counts=True)
        values, people = values[people > 1], people[people > 1]
        actions = np.where(
            self._joins_anonymous[self.holdings.kind_of_value[values]], "kept_anonymous", "split_by_name"
        )
        identifiers = self.evidence.identifiers.take(pa.array(self.holdings.first_row[values]))
        shared = pa.Table.from_arrays(
            [
                identifiers["identifier_type"],
                identifiers["identifier_value"],
                pa.array(people),
                pa.array(self.holdings.record_counts[values]),
                pa.array(np.where(self.is_ignored[values], "ignored", actions), pa.string()),
            ],
            schema=BRIDGES_SCHEMA,
        )
        order = [("identifier_type", "ascending"), ("identifier_value", "ascending")]
        return pa.concat_tables([shared, self._blocked()]).sort_by(order)

    def _blocked(self) -> pa.Table:
        labels = pa.array(self.labels[self.evidence.blocked["record"].to_numpy()])
        held = self.evidence.blocked.append_column("customer", labels)
        keys = ["identifier_type", "identifier_value"]
        counted = held.group_by(keys).aggregate([("customer", "count_distinct"), ("record", "count_distinct")])
        action = pa.array(["blocked"] * len(counted), pa.string())
        return counted.append_column("action", action).rename_columns(BRIDGES_SCHEMA.names).cast(BRIDGES_SCHEMA)

    @cached_property
    def _joins_anonymous(self) -> Flags:
        return np.array([rule.joins == "anonymous" for rule in self.rules.identifiers.values()], bool)

    def _names_of(self, value: Codes) -> npt.NDArray[np.object_]:
        return np.array(list(self.rules.identifiers), object)[self.holdings.kind_of_value[value]]


def first_in_run(record: Positions, *keys: Codes) -> Positions:
    """For each row, the record of the first row of its run of equal keys."""
    starts = _starts_run(*keys)
    first: Positions = record[np.flatnonzero(starts)[np.cumsum(starts) - 1]]
    return first


def links_of(pairs: Sequence[Pair], rule: str) -> Links:
    """Links of one rule between pairs of positions."""
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    return _links(left, right, rule)


def refusals_of(rows: Sequence[Refused]) -> Refusals:
    """Refusals of pairs of positions, each with rule and reason."""
    left, right, rule, reason = zip(*rows, strict=True) if rows else ((), (), (), ())
    lefts, rights = np.array(left, np.int64), np.array(right, np.int64)
    reasons = np.array(reason, object)
    return Refusals(lefts, rights, np.array(rule, object), np.ones(len(rows)), reasons)


def _starts_run(*keys: Codes) -> Flags:
    """By row, whether one of the keys differs from the row before."""
    starts = np.ones(len(keys[0]), bool)
    starts[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return starts


def _links(left: Positions, right: Positions, rule: str) -> Links:
    rules = np.full(len(left), rule, object)
    return Links(np.minimum(left, right), np.maximum(left, right), rules, np.ones(len(left)))


def _refusals(left: Positions, right: Positions, rule: npt.NDArray[np.object_], reason: str) -> Refusals:
    return Refusals(left, right, rule, np.ones(len(left)), np.full(len(left), reason, object))


def _reasons(holders: Sequence[tuple[Summary, int]]) -> Iterator[tuple[Pair, str]]:
    """Pairs among the holders of one value, with what keeps them apart: `ambiguous` for who could be several people."""
    people: list[tuple[Summary, int]] = []
    for summary, record in sorted(holders, key=lambda holder: (-holder[0].tells_apart, holder[1])):
        reasons = [(other, summary.conflict_with(about)) for about, other in people]
        is_somebody = all(reason for _, reason in reasons)
        for other, reason in reasons:
            if is_somebody or not reason:
                yield (min(record, other), max(record, other)), reason or "ambiguous"
        if is_somebody and len(people) < MAX_COMPARED_PEOPLE:
            people.append((summary, record))
