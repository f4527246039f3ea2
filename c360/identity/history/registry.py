"""The registry: which customer every record belongs to, kept over runs, so that a customer keeps their id.

One file per day a run spoke about, `registry/<as_of>.parquet`, outside the warehouse: a rebuild of everything else
finds the same ids. Works in columns; the cost grows with the number of records.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from c360.core.errors import C360Error
from c360.core.files import appearing
from c360.identity.codes import Codes, coded
from c360.identity.evidence import Positions
from c360.privacy.hashing import stable_id

CUSTOMER_PREFIX = "c_"
NOBODY = -1
"""The code of a customer who is not there."""

MEMBERS_SCHEMA = pa.schema(
    [("record_id", pa.string()), ("customer_id", pa.string()), ("member_since_date", pa.date32())]
)
_ABOUT = b"c360"


@dataclass(frozen=True)
class Registry:
    """Who every record belongs to after a run, and which ids are used up.

    members: one row per record ever seen, sorted by `record_id`. A record that is gone keeps its row, so that its
    customer's id waits for it. retired: ids of customers who became part of another one; nobody gets them again.
    rules_digest: the rules it was made with. log_counts: how many rows of each day's log belong to this history.
    """

    members: pa.Table = field(default_factory=MEMBERS_SCHEMA.empty_table)
    retired: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    rules_digest: str | None = None
    log_counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Moves:
    """Records that changed from one customer to another, one row per pair of customers; arrays of one length.

    former: codes of customers before the run. cluster: codes of customers after it. record_count: how many moved.
    is_merge: whether the former customer ended in that cluster; else the records were split off.
    """

    former: Codes
    cluster: Codes
    record_count: Codes
    is_merge: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Named:
    """Clusters with the ids of customers.

    registry: what the next run starts from. cluster_of_record, former_of_record: codes per record, `NOBODY` for a
    record never seen before. customer_ids: of each cluster. former_ids: of each customer before the run.
    member_since: per record. created: the clusters of records nobody knew. moves: who changed customer.
    """

    registry: Registry
    cluster_of_record: Codes
    former_of_record: Codes
    customer_ids: pa.Array
    former_ids: pa.Array
    member_since: pa.Array
    created: Codes
    moves: Moves

    @property
    def customers_of_records(self) -> pa.Array:
        """The customer of each record."""
        return self.customer_ids.take(pa.array(self.cluster_of_record))


def name_customers(record_ids: pa.Array, labels: Positions, previous: Registry, as_of: date) -> Named:
    """Give every cluster the id of a customer.

    A cluster takes the id of the former customer with whom it shares most records; where two clusters want one id, or
    one cluster could have two, the larger overlap wins, then the smaller id. What is left gets a new id, that of its
    smallest record, which no customer had before.

    Args:
        record_ids: Sorted, once each.
        labels: For each record the smallest position of a record of its cluster.
        previous: The registry before the run.
        as_of: The day the run speaks about.
    """
    former_ids, former_of_known = coded(previous.members["customer_id"])
    known = pc.index_in(record_ids, value_set=previous.members["record_id"].combine_chunks())
    place = known.fill_null(NOBODY).to_numpy(zero_copy_only=False).astype(np.int64)
    former = np.where(place >= 0, former_of_known[place] if len(former_of_known) else NOBODY, NOBODY)
    firsts, cluster = _dense(labels)
    overlaps = _overlaps(cluster, former)
    kept = _assign(overlaps, len(firsts))
    customer_ids = _ids_of(kept, record_ids.take(pa.array(firsts)), former_ids, previous.retired)
    moves = _moves(overlaps, kept, len(former_ids))
    heirs = _heirs(moves, former_ids, customer_ids)
    since = _member_since(previous, place, (former >= 0) & (kept[cluster] == former), as_of)
    present = pa.table([record_ids, customer_ids.take(pa.array(cluster)), since], schema=MEMBERS_SCHEMA)
    return Named(
        registry=_next(previous, present, _absent(previous, place, heirs), heirs["ended"]),
        cluster_of_record=cluster,
        former_of_record=former,
        customer_ids=customer_ids,
        former_ids=former_ids,
        member_since=since,
        created=np.setdiff1d(np.flatnonzero(kept == NOBODY), overlaps[0]),
        moves=moves,
    )


def registry_path(identity_dir: Path, as_of: date) -> Path:
    """Where the registry after the run of a day lies."""
    return identity_dir / "registry" / f"{as_of.isoformat()}.parquet"


def read_registry(identity_dir: Path, as_of: date) -> Registry:
    """The newest registry of a run about `as_of` or an earlier day; an empty one before the first run.

    Raises:
        C360Error: the file is damaged.
    """
    days = [day for day in _days(identity_dir) if day <= as_of]
    if not days:
        return Registry()
    path = registry_path(identity_dir, max(days))
    try:
        rows = pq.read_table(path)
        about = json.loads(rows.schema.metadata[_ABOUT])
    except (pa.ArrowInvalid, OSError, KeyError, TypeError, ValueError):
        raise C360Error(
            f"{path} cannot be read, and without it customers would change their ids. Bring the file back from a copy; "
            "or take it away to go on from the day before."
        ) from None
    is_retired = pc.is_null(rows["record_id"])
    members = rows.filter(pc.invert(is_retired)).replace_schema_metadata(None)
    retired = rows.filter(is_retired)["customer_id"].combine_chunks()
    return Registry(members, retired, about["rules_digest"], about["log_counts"])


def write_registry(identity_dir: Path, as_of: date, registry: Registry) -> None:
    """Write the registry after the run of a day, in place of an earlier run's of that day and of no other."""
    gone = pa.nulls(len(registry.retired), pa.string())
    since = pa.nulls(len(registry.retired), pa.date32())
    retired = pa.table([gone, registry.retired, since], schema=MEMBERS_SCHEMA)
    about = json.dumps({"log_counts": registry.log_counts, "rules_digest": registry.rules_digest}, sort_keys=True)
    rows = pa.concat_tables([registry.members, retired]).replace_schema_metadata({_ABOUT: about.encode()})
    with appearing(registry_path(identity_dir, as_of)) as part:
        pq.write_table(
            rows,
            part,
            compression="zstd",
            use_dictionary=["customer_id", "member_since_date"],
            column_encoding={"record_id": "DELTA_BYTE_ARRAY"},
        )


def _days(identity_dir: Path) -> Iterator[date]:
    for path in (identity_dir / "registry").glob("????-??-??.parquet"):
        yield date.fromisoformat(path.stem)


def _dense(labels: Positions) -> tuple[Positions, Codes]:
    """The first record of each cluster, and for each record the code of its cluster, in the order of first records.

    Raises:
        C360Error: a label is not the first record of its cluster.
    """
    if (labels[labels] != labels).any() or (labels > np.arange(len(labels))).any():
        raise C360Error("A cluster is not named by its first record, so nobody could say whose id it keeps.")
    is_first = labels == np.arange(len(labels))
    return np.flatnonzero(is_first), (np.cumsum(is_first) - 1)[labels]


def _overlaps(cluster: Codes, former: Codes) -> tuple[Codes, Codes, Codes]:
    """Cluster, former customer and how many records they share, the largest first, then by id and first record."""
    is_known = former >= 0
    width = int(former.max(initial=0)) + 1
    pairs, counts = np.unique(cluster[is_known] * width + former[is_known], return_counts=True)
    order = np.lexsort((pairs // width, pairs % width, -counts))
    return pairs[order] // width, pairs[order] % width, counts[order].astype(np.int64)


def _assign(overlaps: tuple[Codes, Codes, Codes], cluster_count: int) -> Codes:
    """For each cluster the former customer whose id it keeps, or `NOBODY`.

    Takes every pair that is the best left for both its sides, until no pair is left: what taking the best pair one by
    one gives, in few rounds.
    """
    clusters, formers, _ = overlaps
    kept = np.full(cluster_count, NOBODY, dtype=np.int64)
    while len(clusters):
        best = np.intersect1d(_first_places(clusters), _first_places(formers), assume_unique=True)
        kept[clusters[best]] = formers[best]
        is_left = ~(np.isin(clusters, clusters[best]) | np.isin(formers, formers[best]))
        clusters, formers = clusters[is_left], formers[is_left]
    return kept


def _first_places(codes: Codes) -> Any:
    return np.unique(codes, return_index=True)[1]


def _ids_of(kept: Codes, first_records: pa.Array, former_ids: pa.Array, retired: pa.Array) -> pa.Array:
    is_new = kept == NOBODY
    used = pa.concat_arrays([former_ids.cast(pa.string()), retired.cast(pa.string())])
    made = _new_ids(first_records.filter(pa.array(is_new)), used)
    codes = np.where(is_new, len(former_ids) + np.cumsum(is_new) - 1, kept)
    return pa.concat_arrays([former_ids.cast(pa.string()), made]).take(pa.array(codes))


def _new_ids(first_records: pa.Array, used: pa.Array) -> pa.Array:
    """An id for each record that no customer ever had: of its own text, salted as often as that was used before."""
    texts = first_records.to_pylist()
    ids = [stable_id(CUSTOMER_PREFIX, text) for text in texts]
    salt = 0
    while clashing := _clashing(ids, used):
        salt += 1
        for place in clashing:
            ids[place] = stable_id(CUSTOMER_PREFIX, f"{texts[place]}#{salt}")
    return pa.array(ids, pa.string())


def _clashing(ids: list[str], used: pa.Array) -> list[int]:
    made = pa.array(ids, pa.string())
    is_used = pc.is_in(made, value_set=used).to_numpy(zero_copy_only=False)
    # Two of 2**64 digests may be one: then the later record's is salted too.
    is_double = np.ones(len(ids), dtype=bool)
    is_double[_first_places(made.dictionary_encode().indices.to_numpy(zero_copy_only=False))] = False
    return [int(place) for place in np.flatnonzero(is_used | is_double)]


def _moves(overlaps: tuple[Codes, Codes, Codes], kept: Codes, former_count: int) -> Moves:
    """Every overlap whose records are another customer's now.

    The overlaps come the largest first, so the first of a former customer who is gone says where that one ended.
    """
    is_move = kept[overlaps[0]] != overlaps[1]
    clusters, formers, counts = (column[is_move] for column in overlaps)
    lives_on = np.zeros(former_count, dtype=bool)
    lives_on[kept[kept != NOBODY]] = True
    is_largest = np.zeros(len(formers), dtype=bool)
    is_largest[_first_places(formers)] = True
    return Moves(formers, clusters, counts, is_merge=is_largest & ~lives_on[formers])


def _member_since(previous: Registry, place: Positions, stays: npt.NDArray[np.bool_], as_of: date) -> pa.Array:
    dates = previous.members["member_since_date"].combine_chunks()
    before = dates.take(pa.array(np.where(stays, place, 0), mask=~stays))
    return before.fill_null(pa.scalar(as_of, pa.date32()))


def _heirs(moves: Moves, former_ids: pa.Array, customer_ids: pa.Array) -> pa.Table:
    """The ids of customers who became part of another one, and that one's."""
    return pa.table(
        {
            "ended": former_ids.take(pa.array(moves.former[moves.is_merge])),
            "heir": customer_ids.take(pa.array(moves.cluster[moves.is_merge])),
        }
    ).combine_chunks()


def _absent(previous: Registry, place: Positions, heirs: pa.Table) -> pa.Table:
    """The rows of records that are gone; what is gone of a customer who became part of another one goes with them."""
    is_absent = np.ones(len(previous.members), dtype=bool)
    is_absent[place[place >= 0]] = False
    absent = previous.members.filter(pa.array(is_absent))
    heir = heirs["heir"].take(pc.index_in(absent["customer_id"], value_set=heirs["ended"]))
    return absent.set_column(1, MEMBERS_SCHEMA.field(1), pc.coalesce(heir, absent["customer_id"]))


def _next(previous: Registry, present: pa.Table, absent: pa.Table, ended: pa.ChunkedArray) -> Registry:
    members = pa.concat_tables([present, absent])
    retired = pa.concat_arrays([previous.retired, *ended.chunks])
    return replace(
        previous,
        members=(members.sort_by("record_id") if len(absent) else members).combine_chunks(),
        retired=retired.take(pc.sort_indices(retired)),
    )
