"""Two answers to who is one person, compared: which customers of the one merge or fall apart in the other.

Works in columns; the cost is that of sorting the records once.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from c360.identity.codes import Codes, coded


@dataclass(frozen=True)
class Merge:
    """Customers who become one, the largest first, with the number of records of each that do."""

    customer_ids: tuple[str, ...]
    record_counts: tuple[int, ...]


@dataclass(frozen=True)
class Split:
    """A customer who becomes several, with the number of records of each part, the largest first."""

    customer_id: str
    record_counts: tuple[int, ...]


@dataclass(frozen=True)
class Comparison:
    """What becomes of every customer of the first answer whose records the second one knows.

    customer_ids: the customers, sorted. before, after, record_count: which customer shares how many records with which
    cluster, one place per pair, as codes from 0; `before` are places in `customer_ids`.
    """

    customer_ids: pa.Array
    before: Codes
    after: Codes
    record_count: Codes

    @property
    def before_count(self) -> int:
        """How many customers there were."""
        return len(self.customer_ids)

    @property
    def after_count(self) -> int:
        """How many there would be, of the same records."""
        return int(self.after.max(initial=-1)) + 1

    @property
    def merging(self) -> npt.NDArray[np.bool_]:
        """Of each customer, whether somebody else's records join theirs."""
        return _any_by(self.before, _occurs_again(self.after), self.before_count)

    @property
    def splitting(self) -> npt.NDArray[np.bool_]:
        """Of each customer, whether their records part."""
        return _any_by(self.before, _occurs_again(self.before), self.before_count)

    @property
    def changed_share(self) -> float:
        """The share of customers who merge or part; 0 when there are none."""
        changed = int((self.merging | self.splitting).sum())
        return changed / self.before_count if changed else 0.0

    def merges(self, limit: int) -> list[Merge]:
        """The merges of most records, then by the customers' ids."""
        return [
            Merge(tuple(self.customer_ids.take(pa.array(self.before[places])).to_pylist()), self._counts(places))
            for places in _largest(self.after, self._ordered(), self.record_count, limit)
        ]

    def splits(self, limit: int) -> list[Split]:
        """The splits of most records, then by the customer's id."""
        return [
            Split(self.customer_ids[int(self.before[places[0]])].as_py(), self._counts(places))
            for places in _largest(self.before, self._ordered(), self.record_count, limit)
        ]

    def _ordered(self) -> Codes:
        """Every place, the pair of most records first, then by customer."""
        return np.lexsort((self.after, self.before, -self.record_count))

    def _counts(self, places: Codes) -> tuple[int, ...]:
        return tuple(int(count) for count in self.record_count[places])


def compare(before: pa.Table, after: pa.Table) -> Comparison:
    """Compare two tables of `record_id` and `customer_id` by the records that are in both.

    Args:
        before: The answer whose customers are spoken of; each record once.
        after: The other one. Its ids may be any text or number: only who shares one counts.
    """
    place = pc.index_in(before["record_id"], value_set=after["record_id"].combine_chunks())
    is_known = place.is_valid()
    customer_ids, customers = coded(before["customer_id"].filter(is_known))
    _, clusters = coded(after["customer_id"].combine_chunks().take(place.drop_null().combine_chunks()))
    width = int(clusters.max(initial=0)) + 1
    pairs, counts = np.unique(customers * width + clusters, return_counts=True)
    return Comparison(customer_ids, pairs // width, pairs % width, counts.astype(np.int64))


def changed_share(before: pa.Table, after: pa.Table) -> float:
    """The share of the customers of `before` who merge with another one or part in `after`; see `compare`."""
    return compare(before, after).changed_share


def _occurs_again(codes: Codes) -> npt.NDArray[np.bool_]:
    """Of each place, whether its code stands elsewhere too."""
    return np.bincount(codes)[codes] > 1 if len(codes) else np.zeros(0, bool)


def _any_by(codes: Codes, holds: npt.NDArray[np.bool_], count: int) -> npt.NDArray[np.bool_]:
    """Of each code, whether it holds at any of its places."""
    found = np.zeros(count, bool)
    found[codes[holds]] = True
    return found


def _largest(codes: Codes, ordered: Codes, weights: Codes, limit: int) -> list[Codes]:
    """The places of each code that stands at several, as they are ordered; the codes of most weight first."""
    several = ordered[_occurs_again(codes)[ordered]]
    if not len(several):
        return []
    found, firsts, inverse = np.unique(codes[several], return_index=True, return_inverse=True)
    weight = np.bincount(inverse, weights[several])
    chosen = found[np.lexsort((firsts, -weight))][:limit]
    return [several[codes[several] == code] for code in chosen]
