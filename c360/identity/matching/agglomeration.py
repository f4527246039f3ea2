"""Clusters from scored pairs, guarded: two clusters join when their pairs agree on average, the surest first.

Plain connected components glue people together at one weak bridge. Here a bridge is weighed against all pairs it would
bring together: those that were compared and disagree speak against it, those never compared a little. Components in
which all pairs agree are joined wholesale; only the others are worked one by one.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

from c360.identity.evidence import Links, Positions, Refusals
from c360.identity.limits.conflicts import Limits, Summary
from c360.identity.rules import Matching

UNSEEN_BITS = -2.0
"""What two records that were never compared say about being one person."""
MAX_BITS = 10.0
"""No single pair says more than this for or against."""

_Bits = npt.NDArray[np.float64]
_NEVER = -1e9

_Seen = tuple[float, int, bool]
"""Of two clusters: the bits of the pairs compared, how many those are, and whether one of them is a link."""


@dataclass(frozen=True)
class Agglomeration:
    """Clusters after matching.

    labels: for each record the smallest position of its cluster. links: the pairs that were followed; they span what
    was joined. refusals: pairs from the asked-for probability on that were not followed.
    """

    labels: Positions
    links: Links
    refusals: Refusals


def agglomerate(labels: Positions, pairs: Links, limits: Limits, matching: Matching) -> Agglomeration:
    """Join clusters whose records match, the surest first, and never what the limits forbid.

    Args:
        labels: For each record the smallest position of its cluster so far; clusters stay whole.
        pairs: Scored pairs of records in different clusters.
        limits: What may never be one person.
        matching: From which probability on two records are one person's.
    """
    graph = _Graph.of(labels, pairs, matching)
    joined = _joined(graph, labels, limits)
    after = _at_records(graph, labels, joined)
    return Agglomeration(after, _spanning(graph, joined, pairs), _refusals(graph, joined, pairs, after, limits))


def join_pairs(labels: Positions, pairs: Links, matching: Matching) -> Positions:
    """The clusters as `agglomerate` finds them where nothing is forbidden."""
    graph = _Graph.of(labels, pairs, matching)
    return _at_records(graph, labels, _joined(graph, labels, None))


@dataclass(frozen=True)
class _Graph:
    """Clusters as nodes: `nodes` are their labels, ascending; each row of the others is the surest pair of two nodes.

    bits: evidence for one person. is_link: whether it is as sure as asked for. pair: which of the scored pairs it is.
    """

    nodes: Positions
    left: Positions
    right: Positions
    bits: _Bits
    is_link: npt.NDArray[np.bool_]
    pair: Positions

    @classmethod
    def of(cls, labels: Positions, pairs: Links, matching: Matching) -> "_Graph":
        ends = np.sort(np.stack([labels[pairs.left], labels[pairs.right]], axis=1), axis=1)
        surest_first = np.lexsort((pairs.right, pairs.left, -pairs.score, ends[:, 1], ends[:, 0]))
        ends = ends[surest_first]
        is_surest = np.ones(len(ends), bool)
        is_surest[1:] = (ends[1:] != ends[:-1]).any(axis=1)
        nodes, places = np.unique(ends[is_surest], return_inverse=True)
        places = places.reshape(-1, 2)
        kept = surest_first[is_surest]
        bits = np.clip(_log_odds(pairs.score[kept]), -MAX_BITS, MAX_BITS)
        return cls(nodes, places[:, 0], places[:, 1], bits, pairs.score[kept] >= matching.link_probability, kept)

    def components(self) -> Positions:
        """The number of each node's component over the pairs that agree."""
        edges = self.left[self.is_link], self.right[self.is_link]
        matrix = coo_array((np.ones(len(edges[0]), bool), edges), shape=(len(self.nodes), len(self.nodes)))
        return np.asarray(connected_components(matrix, directed=False)[1], np.int64)


def _log_odds(probability: _Bits) -> _Bits:
    inside = np.clip(probability, 1e-15, 1 - 1e-15)
    return np.asarray(np.log2(inside / (1 - inside)))


def _at_records(graph: _Graph, labels: Positions, joined: Positions) -> Positions:
    """The label of each record, when each node's label becomes what it joined."""
    renamed = np.arange(len(labels))
    renamed[graph.nodes] = joined
    return renamed[labels]


def _joined(graph: _Graph, labels: Positions, limits: Limits | None) -> Positions:
    """For each node the smallest label of the cluster it becomes part of."""
    components = graph.components()
    joined = _smallest(components, graph.nodes)
    is_worked = _is_contested(graph, components)[components]
    if limits is not None:
        is_worked |= np.isin(joined, limits.broken_by(_at_records(graph, labels, joined)))
    if is_worked.any():
        joined[is_worked] = _worked(graph, components, labels, is_worked, limits)[is_worked]
    return joined


def _smallest(groups: Positions, labels: Positions) -> Positions:
    """For each label the smallest of its group; the labels are ascending."""
    _, first, group = np.unique(groups, return_index=True, return_inverse=True)
    return labels[first][group]


def _is_contested(graph: _Graph, components: Positions) -> npt.NDArray[np.bool_]:
    """For each component whether any two of its nodes disagree or were not compared."""
    sizes = np.bincount(components, minlength=len(graph.nodes))
    agreeing = np.bincount(components[graph.left[graph.is_link]], minlength=len(graph.nodes))
    return np.asarray(agreeing < sizes * (sizes - 1) // 2)


def _worked(
    graph: _Graph, components: Positions, labels: Positions, is_worked: npt.NDArray[np.bool_], limits: Limits | None
) -> Positions:
    """The nodes' labels after joining two clusters at a time within the components that are worked."""
    is_inside = is_worked[graph.left] & (components[graph.left] == components[graph.right])
    rows = (column[is_inside].tolist() for column in (graph.left, graph.right, graph.bits, graph.is_link))
    linkage = _AverageLinkage(zip(*rows, strict=True), _summaries(graph, labels, is_worked, limits))
    roots = np.arange(len(graph.nodes))
    for node, root in linkage.run():
        roots[node] = root
    return _smallest(roots, graph.nodes)


def _summaries(
    graph: _Graph, labels: Positions, is_worked: npt.NDArray[np.bool_], limits: Limits | None
) -> dict[int, Summary]:
    """By node what the limits ask about it."""
    if limits is None:
        return {}
    place = np.minimum(np.searchsorted(graph.nodes, labels), len(graph.nodes) - 1)
    records = np.flatnonzero((graph.nodes[place] == labels) & is_worked[place])
    return limits.summaries(place[records], records)


class _AverageLinkage:
    """Joins the two clusters whose pairs agree most on average, again and again until none agree.

    Pairs of nodes that were never compared count as `UNSEEN_BITS`. Ties go to the smaller node.
    """

    def __init__(self, pairs: Iterable[tuple[int, int, float, bool]], summaries: dict[int, Summary]) -> None:
        self._summaries = summaries
        self._around: dict[int, dict[int, _Seen]] = defaultdict(dict)
        self._members: dict[int, list[int]] = {}
        self._queue: list[tuple[float, int, int, int]] = []
        for left, right, bits, is_link in pairs:
            self._around[left][right] = self._around[right][left] = (bits, 1, is_link)
            if is_link and bits > 0:
                self._queue.append((-bits, left, right, 2))
        self._members = {node: [node] for node in self._around}
        heapq.heapify(self._queue)

    def run(self) -> Iterator[tuple[int, int]]:
        """Each node with a node that stands for its cluster."""
        while self._queue:
            _, left, right, size = heapq.heappop(self._queue)
            if self._is_current(left, right, size) and self._may_join(left, right):
                self._join(left, right)
        return ((node, root) for root, members in self._members.items() for node in members)

    def _is_current(self, left: int, right: int, size: int) -> bool:
        """Whether both clusters are still what they were when they were queued: clusters only grow."""
        members = self._members
        return left in members and right in members and len(members[left]) + len(members[right]) == size

    def _may_join(self, left: int, right: int) -> bool:
        one, other = self._summaries.get(left), self._summaries.get(right)
        if one is None or other is None or one.forbids(other) is None:
            return True
        self._around[left][right] = self._around[right][left] = (_NEVER, 1, False)
        return False

    def _join(self, left: int, right: int) -> None:
        """The smaller node stands for both from now on."""
        if left in self._summaries and right in self._summaries:
            self._summaries[left] = self._summaries[left].joined(self._summaries.pop(right))
        self._members[left] += self._members.pop(right)
        around, gone = self._around[left], self._around.pop(right)
        del around[right], gone[left]
        for other, (bits, count, is_link) in gone.items():
            known, known_count, is_known_link = around.get(other, (0.0, 0, False))
            around[other] = (known + bits, known_count + count, is_known_link or is_link)
            del self._around[other][right]
        for other, seen in around.items():
            self._around[other][left] = seen
            self._queue_pair(left, other, *seen)

    def _queue_pair(self, one: int, other: int, bits: float, count: int, is_link: bool) -> None:
        sizes = len(self._members[one]), len(self._members[other])
        average = (bits + UNSEEN_BITS * (sizes[0] * sizes[1] - count)) / (sizes[0] * sizes[1])
        if is_link and average > 0:
            heapq.heappush(self._queue, (-average, min(one, other), max(one, other), sum(sizes)))


def _spanning(graph: _Graph, joined: Positions, pairs: Links) -> Links:
    """The surest pairs that hold each joined cluster together, one fewer than it has nodes."""
    is_inside = (joined[graph.left] == joined[graph.right]) & graph.is_link
    candidates = np.flatnonzero(is_inside)
    pair = graph.pair[candidates]
    surest_first = candidates[np.lexsort((pairs.right[pair], pairs.left[pair], -pairs.score[pair]))]
    ranks = np.arange(1.0, len(surest_first) + 1)
    ends = graph.left[surest_first], graph.right[surest_first]
    tree = minimum_spanning_tree(coo_array((ranks, ends), shape=(len(graph.nodes), len(graph.nodes))).tocsr())
    chosen = _in_order(graph.pair[surest_first[tree.data.astype(np.int64) - 1]], pairs)
    return Links(pairs.left[chosen], pairs.right[chosen], pairs.rule[chosen], pairs.score[chosen])


def _in_order(chosen: Positions, pairs: Links) -> Positions:
    """Some of the pairs in the order of their records."""
    return chosen[np.lexsort((pairs.right[chosen], pairs.left[chosen]))]


def _refusals(graph: _Graph, joined: Positions, pairs: Links, after: Positions, limits: Limits) -> Refusals:
    """The surest pairs of clusters that stayed apart, with what would have been broken."""
    refused = _in_order(graph.pair[(joined[graph.left] != joined[graph.right]) & graph.is_link], pairs)
    left, right = pairs.left[refused], pairs.right[refused]
    records = np.flatnonzero(np.isin(after, after[np.concatenate([left, right])]))
    summaries = limits.summaries(after[records], records)
    ends = zip(after[left].tolist(), after[right].tolist(), strict=True)
    reasons = [summaries[one].forbids(summaries[other]) or "weak_bridge" for one, other in ends]
    return Refusals(left, right, pairs.rule[refused], pairs.score[refused], np.array(reasons, dtype=object))
