"""What identity decides from: records with their attributes, and the identifiers they hold."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from c360.core.errors import C360Error, ConfigurationError
from c360.identity.codes import coded
from c360.identity.rules import Rules

Positions = npt.NDArray[np.int64]
"""Records by their place in `Evidence.records`, which is sorted by `record_id`."""

IDENTIFIERS_SCHEMA = pa.schema(
    [
        ("record_id", pa.string()),
        ("identifier_type", pa.string()),
        ("identifier_value", pa.string()),
        ("first_seen_at", pa.timestamp("us")),
        ("last_seen_at", pa.timestamp("us")),
    ]
)


@dataclass(frozen=True)
class Evidence:
    """Records and identifiers, each in an order that follows from what they say, never from how they arrived.

    records: `record_id` (sorted, once each), `source_name`, and one text column per attribute of the rules; normalised.
    identifiers: `record`, the position of its record (int64), with `identifier_type`, `identifier_value`,
    `first_seen_at` and `last_seen_at`; once per record, type and value, none of them blocked.
    blocked: the identifiers that identify nobody, in the same columns.
    """

    records: pa.Table
    identifiers: pa.Table
    blocked: pa.Table

    @property
    def record_count(self) -> int:
        """How many records there are; positions run from 0 up to it."""
        return int(self.records.num_rows)

    def record_ids(self, positions: Positions) -> pa.Array:
        """The ids of records, as many as positions."""
        return self.records["record_id"].combine_chunks().take(pa.array(positions))


@dataclass(frozen=True)
class Links:
    """Evidence that two records are one person; the arrays are of one length.

    left, right: positions of records, left before right. rule: a type of identifier, `matching` or `link`.
    score: how sure, 0 to 1.
    """

    left: Positions
    right: Positions
    rule: npt.NDArray[np.object_]
    score: npt.NDArray[np.float64]

    @classmethod
    def none(cls) -> "Links":
        """No evidence at all."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, object), np.empty(0, np.float64))

    def __len__(self) -> int:
        return len(self.left)

    def __add__(self, other: "Links") -> "Links":
        return Links(*(np.concatenate(pair) for pair in zip(_arrays(self), _arrays(other), strict=True)))


@dataclass(frozen=True)
class Refusals:
    """Evidence that was not followed; the arrays are of one length.

    As in `Links`, with the reason: `name_conflict`, `birth_date_conflict`, `too_many_<type>`, `split`, `ambiguous`,
    `shared_by_too_many` or `weak_bridge`.
    """

    left: Positions
    right: Positions
    rule: npt.NDArray[np.object_]
    score: npt.NDArray[np.float64]
    reason: npt.NDArray[np.object_]

    @classmethod
    def none(cls) -> "Refusals":
        """Nothing was refused."""
        return cls(
            np.empty(0, np.int64),
            np.empty(0, np.int64),
            np.empty(0, object),
            np.empty(0, np.float64),
            np.empty(0, object),
        )

    def __len__(self) -> int:
        return len(self.left)

    def __add__(self, other: "Refusals") -> "Refusals":
        return Refusals(*(np.concatenate(pair) for pair in zip(_arrays(self), _arrays(other), strict=True)))


def _arrays(rows: Links | Refusals) -> list[npt.NDArray[Any]]:
    return [getattr(rows, column.name) for column in fields(rows)]


def gather(records: pa.Table, identifiers: pa.Table, rules: Rules) -> Evidence:
    """Put records and identifiers in order and take out the values that identify nobody.

    Args:
        records: `record_id`, `source_name` and the attributes of the rules.
        identifiers: The columns of `IDENTIFIERS_SCHEMA`.
        rules: What is blocked.

    Raises:
        C360Error: a record has no id, two have the same, or an identifier belongs to no record.
        ConfigurationError: a column of the rules is missing, or an identifier is of a type they do not know.
    """
    ordered = _ordered(records, rules)
    unknown = set(pc.unique(identifiers["identifier_type"]).to_pylist()) - set(rules.identifiers)
    if unknown:
        raise ConfigurationError(
            f"The rules know no identifier of type {', '.join(sorted(map(str, unknown)))}. Add a line under "
            "`identifiers:`; the order there is the order of trust."
        )
    told = identifiers.cast(IDENTIFIERS_SCHEMA).filter(pc.is_valid(identifiers["identifier_value"]))
    placed = _placed(told, ordered["record_id"])
    is_blocked = _blocked(placed, rules)
    return Evidence(ordered, placed.filter(pc.invert(is_blocked)), placed.filter(is_blocked))


def _ordered(records: pa.Table, rules: Rules) -> pa.Table:
    wanted = ["record_id", "source_name", *rules.attributes]
    if missing := [name for name in wanted if name not in records.column_names]:
        raise ConfigurationError(f"The records have no column {', '.join(missing)}, which the rules name.")
    ids = records["record_id"].combine_chunks()
    nameless = ids.null_count + pc.sum(pc.equal(ids, "")).as_py() if len(ids) else 0
    if nameless:
        raise C360Error(f"{nameless} records have no id, so nobody could say whose they are. Give each one an id.")
    ordered = records.select(wanted)
    if not pc.all(pc.less(ids[:-1], ids[1:])).as_py():
        order = pc.array_sort_indices(ids)
        ids, ordered = ids.take(order), ordered.take(order)
    if doubles := pc.sum(pc.equal(ids[:-1], ids[1:])).as_py():
        raise C360Error(f"{doubles} records have the id of another one. A record id must name one record.")
    return ordered.combine_chunks()


def _placed(identifiers: pa.Table, record_ids: pa.ChunkedArray) -> pa.Table:
    """Identifiers with the position of their record, once per record, type and value."""
    places: Any = pc.index_in(identifiers["record_id"], value_set=record_ids)
    if lost := places.null_count:
        raise C360Error(f"{lost} identifiers belong to a record that does not exist. Build the layer 'staging' again.")
    told = identifiers.drop_columns("record_id").add_column(0, "record", places.cast(pa.int64()))
    keys = _sort_keys(told, len(record_ids))
    order = np.argsort(keys, kind="stable")
    ordered, keys = told.take(pa.array(order)), keys[order]
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.int64)
    return ordered if len(starts) == len(keys) else _once(ordered, starts)


def _sort_keys(identifiers: pa.Table, record_count: int) -> Positions:
    """A number per row that sorts by type, value and record: millions of numbers are sorted sooner than of texts."""
    different_types, types = coded(identifiers["identifier_type"])
    different_values, values = coded(identifiers["identifier_value"])
    if len(different_types) * len(different_values) * record_count > np.iinfo(np.int64).max:
        raise C360Error("These are more records and identifiers than can be resolved at once. Resolve fewer.")
    keys: Positions = (types * len(different_values) + values) * record_count + identifiers["record"].to_numpy()
    return keys


def _once(identifiers: pa.Table, starts: Positions) -> pa.Table:
    """One row for each run of equal rows, which begin at `starts`: first seen at the earliest, last at the latest."""
    run = np.zeros(len(identifiers), np.int64)
    run[starts[1:]] = 1
    told = identifiers.select(["first_seen_at", "last_seen_at"]).append_column("run", pa.array(np.cumsum(run)))
    seen = told.group_by("run", use_threads=False).aggregate([("first_seen_at", "min"), ("last_seen_at", "max")])
    once = identifiers.select(["record", "identifier_type", "identifier_value"]).take(pa.array(starts))
    return once.append_column("first_seen_at", seen["first_seen_at_min"]).append_column(
        "last_seen_at", seen["last_seen_at_max"]
    )


def _blocked(identifiers: pa.Table, rules: Rules) -> pa.ChunkedArray:
    """By row, whether the value identifies nobody; rows are sorted by type."""
    types = identifiers["identifier_type"]
    masks = []
    for identifier_type in sorted(rules.identifiers):
        values = identifiers["identifier_value"].filter(pc.equal(types, identifier_type))
        pattern = f"^(?:{rules.blocked_patterns(identifier_type)})?$"
        masks += pc.match_substring_regex(pc.utf8_lower(values), pattern).chunks
    return pa.chunked_array(masks, pa.bool_())
