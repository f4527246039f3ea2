"""Why records are one customer: the shortest paths of accepted evidence between them.

The fewest steps win, then the surest evidence. Works on the edges of one customer, not of all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from c360.core.errors import C360Error

_NOBODY = -9999
"""What scipy writes for the predecessor of a record that has none."""


@dataclass(frozen=True, order=True)
class Edge:
    """One piece of accepted evidence that two records are one person."""

    left_record_id: str
    right_record_id: str
    rule: str
    """A type of identifier, `matching` or `link`."""
    kind: str
    """`exact`, `probabilistic` or `decision`."""
    score: float


@dataclass(frozen=True)
class Step:
    """One step of a path: from a record to the next by what ties the two."""

    from_record_id: str
    to_record_id: str
    edge: Edge
    depth: int
    """How many steps `to_record_id` is from the first record."""


class EvidencePaths:
    """The shortest path from one record of a customer to each other one."""

    def __init__(self, edges: Sequence[Edge], start: str) -> None:
        """Find the paths.

        Args:
            edges: The evidence of one customer.
            start: The record at which every path begins.
        """
        self._start = start
        self._edges = _surest_of_each_pair(edges)
        self._records = sorted({start, *(record for pair in self._edges for record in pair)})
        self._before = self._predecessors()

    def steps(self) -> list[Step]:
        """The last step to every record, the nearest records first: together they are all paths."""
        last = [path[-1] for record in self._records if (path := self._path(record))]
        return sorted(last, key=lambda step: (step.depth, step.from_record_id, step.to_record_id))

    def path(self, goal: str) -> list[Step]:
        """The steps from the first record to `goal`; none when it is the first itself.

        Raises:
            C360Error: no evidence leads there.
        """
        path = self._path(goal) if goal in self._records else []
        if not path and goal != self._start:
            raise C360Error(
                "No accepted evidence joins two records of one customer. Run `c360 identify` again; when that does not "
                "help, this is a defect: please report it."
            )
        return path

    def _predecessors(self) -> dict[str, str]:
        place = {record: number for number, record in enumerate(self._records)}
        count = len(self._records)
        lefts, rights = ([place[pair[side]] for pair in self._edges] for side in (0, 1))
        # All doubts of a path together weigh less than one step.
        weights = [1 + (1 - edge.score) / count for edge in self._edges.values()]
        links = coo_array((np.array(weights), (np.array(lefts, int), np.array(rights, int))), shape=(count, count))
        _, before = dijkstra(links.tocsr(), directed=False, indices=place[self._start], return_predecessors=True)
        found = zip(self._records, before.tolist(), strict=True)
        return {record: self._records[previous] for record, previous in found if previous != _NOBODY}

    def _path(self, goal: str) -> list[Step]:
        pairs = list(self._backwards(goal))[::-1]
        return [
            Step(left, right, self._edges[min(left, right), max(left, right)], depth)
            for depth, (left, right) in enumerate(pairs, start=1)
        ]

    def _backwards(self, goal: str) -> Iterator[tuple[str, str]]:
        while (previous := self._before.get(goal)) is not None:
            yield previous, goal
            goal = previous


def _surest_of_each_pair(edges: Sequence[Edge]) -> dict[tuple[str, str], Edge]:
    surest: dict[tuple[str, str], Edge] = {}
    for edge in sorted(edges, key=lambda edge: (edge.score, edge)):
        pair = min(edge.left_record_id, edge.right_record_id), max(edge.left_record_id, edge.right_record_id)
        surest[pair] = edge
    return surest
