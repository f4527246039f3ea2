"""Clusters and values among which somebody conflicts with somebody: who joins whom, value by value.

Only what conflicts comes here, and each step costs in proportion to the rows that hold the values. Everything goes in
a fixed order, so the outcome follows from the clusters and values alone:

1. At each value its holders form groups of people who can be told apart. A holder who fits several stays out.
2. Those with a first name join within their groups.
3. Everybody else joins the person nearest to them; who is equally near to two people stays alone.
4. Groups that no named person reaches join among themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from c360.identity.limits.conflicts import Summary

NAMED = 3
"""What `Summary.tells_apart` says of a cluster with a first name."""


@dataclass(frozen=True)
class Untangled:
    """label_of: by cluster, the smallest cluster of its person. ignored: values that too many people share."""

    label_of: dict[int, int]
    ignored: list[int]


class Merger:
    """Joins clusters two by two, and never against a limit."""

    def __init__(self, summaries: Mapping[int, Summary]) -> None:
        self._summaries = dict(summaries)
        self._parents: dict[int, int] = {}

    def label(self, cluster: int) -> int:
        """The smallest cluster that this one was joined with."""
        path = []
        while (parent := self._parents.get(cluster, cluster)) != cluster:
            path.append(cluster)
            cluster = parent
        self._parents.update(dict.fromkeys(path, cluster))
        return cluster

    def summary(self, cluster: int) -> Summary:
        """What counts about everybody this cluster was joined with."""
        return self._summaries[self.label(cluster)]

    def join(self, left: int, right: int) -> bool:
        """Make both one unless a limit speaks against it; whether they are one now."""
        left, right = self.label(left), self.label(right)
        if left == right:
            return True
        mine, others = self._summaries[left], self._summaries[right]
        if mine.conflict_with(others):
            return False
        self._parents[max(left, right)] = min(left, right)
        self._summaries[min(left, right)] = mine.joined(others)
        return True

    def join_all(self, clusters: Iterable[int], most_people: int) -> None:
        """Join each with the first before it that it does not conflict with, among so many people at most."""
        heads: list[int] = []
        for cluster in clusters:
            if not any(self.join(head, cluster) for head in heads) and len(heads) < most_people:
                heads.append(cluster)

    def are_one_person(self, clusters: Sequence[int]) -> bool:
        """Whether all of them together break no limit."""
        together = self.summary(clusters[0])
        for cluster in clusters[1:]:
            if together.conflict_with(self.summary(cluster)):
                return False
            together = together.joined(self.summary(cluster))
        return True


def untangle(holders: Mapping[int, Sequence[int]], summaries: Mapping[int, Summary], most_people: int) -> Untangled:
    """Decide who joins whom.

    Args:
        holders: By value, the clusters that hold it; in ascending order both.
        summaries: What counts about each cluster.
        most_people: How many people may share a value before it is no evidence.
    """
    merger, groups, ignored = Merger(summaries), [], []
    for value, clusters in holders.items():
        people = list(_people(clusters, summaries, most_people))
        if len(people) > most_people:
            ignored.append(value)
        else:
            groups += [group for group in people if len(group) > 1]
    for group in groups:
        merger.join_all([cluster for cluster in group if summaries[cluster].tells_apart == NAMED], most_people)
    reached = _attach(merger, groups, summaries)
    for group in groups:
        if reached.isdisjoint(group):
            merger.join_all(group, most_people)
    return Untangled({cluster: merger.label(cluster) for cluster in summaries}, ignored)


def _people(clusters: Sequence[int], summaries: Mapping[int, Summary], most_people: int) -> Iterator[list[int]]:
    """The groups among the holders of one value who can be told apart; one more than `most_people` at most.

    Who tells most about themselves comes first. Who fits one group joins it, who fits none opens one, who fits several
    is in none.
    """
    groups: list[list[int]] = []
    about: list[Summary] = []
    for cluster in sorted(clusters, key=lambda cluster: (-summaries[cluster].tells_apart, cluster)):
        summary = summaries[cluster]
        fits = [place for place, other in enumerate(about) if not summary.conflict_with(other)]
        if len(fits) == 1:
            groups[fits[0]].append(cluster)
            about[fits[0]] = about[fits[0]].joined(summary)
        elif not fits:
            groups.append([cluster])
            about.append(summary)
            if len(groups) > most_people:
                break
    return iter(groups)


def _attach(merger: Merger, groups: Sequence[Sequence[int]], summaries: Mapping[int, Summary]) -> set[int]:
    """Join clusters without a first name with the nearest person, in rounds; the clusters that have a person then."""
    groups_of: defaultdict[int, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        for cluster in group:
            groups_of[cluster].append(place)
    reached = {cluster for cluster in groups_of if summaries[cluster].tells_apart == NAMED}
    settled = set(reached)
    newly = sorted(reached)
    while newly:
        persons = {cluster: merger.label(cluster) for cluster in newly}
        nearest = _nearest(persons, groups, groups_of, settled)
        newly = [cluster for cluster in sorted(nearest) if _join_only_person(merger, cluster, nearest[cluster])]
        reached.update(newly)
        settled.update(nearest)
    return reached


def _nearest(
    persons: Mapping[int, int],
    groups: Sequence[Sequence[int]],
    groups_of: Mapping[int, Sequence[int]],
    settled: set[int],
) -> dict[int, list[int]]:
    """By cluster that is not settled, the persons in its groups: `persons` has them by the clusters reached last."""
    beside: defaultdict[int, set[int]] = defaultdict(set)
    for cluster, person in persons.items():
        for place in groups_of[cluster]:
            beside[place].add(person)
    nearest: defaultdict[int, set[int]] = defaultdict(set)
    for place, found in beside.items():
        for cluster in groups[place]:
            if cluster not in settled:
                nearest[cluster].update(found)
    return {cluster: sorted(found) for cluster, found in nearest.items()}


def _join_only_person(merger: Merger, cluster: int, persons: Sequence[int]) -> bool:
    """Join a cluster with the persons beside it, if those it fits can be one person."""
    mine = merger.summary(cluster)
    labels = sorted({merger.label(person) for person in persons})
    fits = [label for label in labels if not mine.conflict_with(merger.summary(label))]
    if not fits or not merger.are_one_person([cluster, *fits]):
        return False
    for label in fits:
        merger.join(cluster, label)
    return True
