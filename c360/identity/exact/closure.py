"""Who is one person by the identifiers they share, to a fixed point and without a limit on how long a chain may be.

Types of identifiers come in their order of trust, decisions to link before all of them. Of each type, everybody whom
its values tie joins at once, in columns, wherever that breaks no limit (`c360.identity.limits.conflicts`); where it
does, the clusters are untangled one by one (`c360.identity.exact.untangling`). Last come the types that only attach
anonymous records. The outcome follows from the set of records alone, whatever the order of rows.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from c360.identity.codes import Codes, distinct, distinct_pairs, places_of, ranges
from c360.identity.decisions import Decision
from c360.identity.evidence import Evidence, Links, Positions, Refusals
from c360.identity.exact.components import components
from c360.identity.exact.outcome import Flags, Outcome, first_in_run, links_of, refusals_of
from c360.identity.exact.untangling import Merger, untangle
from c360.identity.limits.conflicts import Limits, first_names
from c360.identity.limits.holdings import Holdings
from c360.identity.limits.names import FirstNames
from c360.identity.rules import Rules


@dataclass(frozen=True)
class Closure:
    """Who is one person by exact evidence, and why; as in `Resolution`. limits: what may never be one person."""

    labels: Positions
    links: Links
    refusals: Refusals
    bridges: pa.Table
    limits: Limits


def close(
    evidence: Evidence, rules: Rules, decisions: Sequence[Decision] = (), names: FirstNames | None = None
) -> Closure:
    """Join records by the identifiers they share and by decisions.

    Args:
        evidence: Records and identifiers.
        rules: In which order identifiers are trusted, and their limits.
        decisions: What people decided, as `decisions.standing` gives it.
        names: Judges first names; by default without anything learned.
    """
    limits = Limits(evidence, rules, decisions, names)
    labels, links, refusals = _decided(evidence, limits, decisions)
    closing = _Closing(evidence, rules, limits, labels)
    for place, rule in enumerate(rules.identifiers.values()):
        if rule.joins == "people":
            closing.join_people(place)
    for place, rule in enumerate(rules.identifiers.values()):
        if rule.joins == "anonymous":
            closing.attach_anonymous(place)
    found = closing.outcome()
    return Closure(closing.labels, links + found.links(), refusals + found.refusals(), found.bridges(), limits)


def _decided(evidence: Evidence, limits: Limits, decisions: Sequence[Decision]) -> tuple[Positions, Links, Refusals]:
    """Link what was decided to be one person, the latest decision first, unless a split speaks against it."""
    labels = np.arange(evidence.record_count)
    record_ids = evidence.records["record_id"]
    linked = [places_of((*one.left, *one.right), record_ids).tolist() for one in decisions if one.kind == "link"]
    merger = Merger(limits.of_decisions({record for records in linked for record in records}))
    joined: list[tuple[int, int]] = []
    refused: list[tuple[int, int]] = []
    for first, *others in reversed([records for records in linked if records]):
        for record in others:
            pair = (min(first, record), max(first, record))
            (joined if merger.join(*pair) else refused).append(pair)
    for record in {record for pair in joined for record in pair}:
        labels[record] = merger.label(record)
    return labels, links_of(joined, "link"), refusals_of([(*pair, "link", "split") for pair in refused])


class _Closing:
    """A closure on its way: the clusters so far, and the values that proved to be no evidence."""

    def __init__(self, evidence: Evidence, rules: Rules, limits: Limits, labels: Positions) -> None:
        self._evidence = evidence
        self._all_rules = rules
        self._rules = list(rules.identifiers.values())
        self._limits = limits
        self._holdings = Holdings.of(evidence.identifiers, rules)
        self._first_holder = self._holdings.record[self._holdings.first_row[:-1]]
        most_records = np.array([rule.max_records for rule in self._rules], np.int64)
        self._is_ignored = self._holdings.record_counts > most_records[self._holdings.kind_of_value]
        self._is_identified = self._identified(first_names(evidence, rules))
        self._was_known: Flags | None = None
        self.labels = labels

    def _identified(self, names: pa.Array | None) -> Flags:
        """By record, whether it holds anything that could make it a known person's."""
        ties_people = np.array([rule.joins == "people" for rule in self._rules], bool)
        is_identified = np.zeros(len(self._evidence.records), bool)
        is_identified[self._holdings.record[ties_people[self._holdings.kind]]] = True
        return is_identified if names is None else is_identified | names.is_valid().to_numpy(zero_copy_only=False)

    def join_people(self, place: int) -> None:
        """Join everybody whom values of this type tie."""
        records, values = self._usable(place)
        joined = self._joined(self._first_holder[values], records)
        is_broken = self._broken(joined)
        before, self.labels = self.labels, np.where(is_broken, self.labels, joined)
        if is_broken.any():
            is_tangled = is_broken[records]
            self._untangle(place, before[records[is_tangled]], values[is_tangled], np.flatnonzero(is_broken))

    def _untangle(self, place: int, clusters: Positions, values: Codes, records: Positions) -> None:
        """Work through the clusters of `records`; `clusters` hold `values`, row by row."""
        summaries = self._limits.summaries(self.labels[records], records)
        done = untangle(_by_value(values, clusters), summaries, self._rules[place].max_people)
        self._relabel(done.label_of)
        self._is_ignored[done.ignored] = True

    def attach_anonymous(self, place: int) -> None:
        """Join records that have nothing else with each other, and with the one known person who holds their value."""
        if self._was_known is None:
            self._was_known = self._is_known()
        is_known = self._is_known()
        records, values = self._usable(place)
        known, anonymous = is_known[records], ~is_known[records]
        joined = self._joined(first_in_run(records[anonymous], values[anonymous]), records[anonymous])
        self.labels = np.where(self._broken(joined), self.labels, joined)
        persons = distinct_pairs(values[known], self.labels[records[known]])
        devices = distinct_pairs(values[anonymous], self.labels[records[anonymous]])
        self._attach(*_only_partner(devices, persons))

    def _attach(self, anonymous: Positions, persons: Positions) -> None:
        """Join anonymous clusters with one person each."""
        joined = self._joined(anonymous, persons)
        is_broken = self._broken(joined)
        self.labels = np.where(is_broken, self.labels, joined)
        tangled = np.flatnonzero(is_broken)
        merger = Merger(self._limits.summaries(self.labels[tangled], tangled))
        for device, person in zip(anonymous.tolist(), persons.tolist(), strict=True):
            if is_broken[device]:
                merger.join(person, device)
        self._relabel({cluster: merger.label(cluster) for cluster in distinct(self.labels[tangled]).tolist()})

    def _is_known(self) -> Flags:
        """By record, whether its cluster is more than anonymous."""
        is_known = np.zeros(len(self.labels), bool)
        is_known[self.labels[self._is_identified]] = True
        return is_known[self.labels]

    def _usable(self, place: int) -> tuple[Positions, Codes]:
        """The records that hold values of a type, and the values, without those that are no evidence."""
        held = self._holdings
        is_used = (held.kind == place) & ~self._is_ignored[held.value]
        return held.record[is_used], held.value[is_used]

    def _joined(self, left: Positions, right: Positions) -> Positions:
        """The labels once the clusters of these records are joined."""
        lefts, rights = self.labels[left], self.labels[right]
        is_new = lefts != rights
        return components(len(self.labels), lefts[is_new], rights[is_new])[self.labels]

    def _broken(self, joined: Positions) -> Flags:
        """By record, whether it would come into a cluster that is new and breaks a limit."""
        is_new = np.zeros(len(joined), bool)
        is_new[joined[joined != self.labels]] = True
        is_broken = np.zeros(len(joined), bool)
        is_broken[self._limits.broken_by(joined)] = True
        return (is_new & is_broken)[joined]

    def _relabel(self, label_of: dict[int, int]) -> None:
        if label_of:
            labels = np.arange(len(self.labels))
            labels[list(label_of)] = list(label_of.values())
            self.labels = labels[self.labels]

    def outcome(self) -> Outcome:
        """What became of every value."""
        is_known = self._is_known() if self._was_known is None else self._was_known
        return Outcome(
            self._evidence, self._all_rules, self._limits, self._holdings, self.labels, self._is_ignored, is_known
        )


def _by_value(values: Codes, clusters: Positions) -> dict[int, list[int]]:
    """By value that several clusters hold, these clusters."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for value, cluster in zip(*(column.tolist() for column in distinct_pairs(values, clusters)), strict=True):
        holders[value].append(cluster)
    return {value: found for value, found in holders.items() if len(found) > 1}


def _only_partner(devices: tuple[Codes, Positions], persons: tuple[Codes, Positions]) -> tuple[Positions, Positions]:
    """Anonymous clusters that share values with one known cluster, and that cluster.

    Args:
        devices: Values and the anonymous clusters that hold them.
        persons: Values and the known clusters that hold them, in ascending order.
    """
    values, clusters = devices
    starts, ends = np.searchsorted(persons[0], values, "left"), np.searchsorted(persons[0], values, "right")
    anonymous, known = distinct_pairs(np.repeat(clusters, ends - starts), persons[1][ranges(starts, ends)])
    is_only = np.bincount(anonymous)[anonymous] == 1
    return anonymous[is_only], known[is_only]
