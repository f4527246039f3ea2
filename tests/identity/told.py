"""Records told in a line each, and who is one person among them, by the public face of the room."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

import numpy as np
import pyarrow as pa
import yaml
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from c360.identity.decisions import Decision
from c360.identity.engine import Resolution, resolve
from c360.identity.evidence import IDENTIFIERS_SCHEMA, Evidence, Positions, gather
from c360.identity.history.registry import Registry, name_customers
from c360.identity.learned import Learned
from c360.identity.rules import Rules

Record = Mapping[str, str | tuple[str, ...] | None]
"""`record_id`, attributes, and identifiers by type: one value, several or none."""


def rules(text: str) -> Rules:
    """Rules as a file would say them; nothing is matched unless the text turns it on."""
    return Rules.model_validate({"matching": {"is_on": False}} | yaml.safe_load(text))


def tables(records: Sequence[Record], by: Rules) -> tuple[pa.Table, pa.Table]:
    """The two tables that say what the records say, row for row in their order."""
    columns = ["record_id", *by.attributes]
    told = {name: pa.array([record.get(name) for record in records], pa.string()) for name in columns}
    sources = [str(record["record_id"]).partition(":")[0] for record in records]
    held = [
        {"record_id": record["record_id"], "identifier_type": kind, "identifier_value": value}
        for record in records
        for kind in by.identifiers
        for value in _values(record.get(kind))
    ]
    return pa.table(told).append_column("source_name", pa.array(sources, pa.string())), pa.Table.from_pylist(
        held, IDENTIFIERS_SCHEMA
    )


def _values(told: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if told is None:
        return ()
    return (told,) if isinstance(told, str) else told


@dataclass(frozen=True)
class Resolved:
    """What was told and who is one person in it."""

    evidence: Evidence
    resolution: Resolution

    @property
    def first_records(self) -> dict[str, str]:
        """Each record with the first record of the same person."""
        ids = self.evidence.records["record_id"].to_pylist()
        return {record: ids[label] for record, label in zip(ids, self.resolution.labels, strict=True)}

    @property
    def customers(self) -> list[str]:
        """The id that each record's customer gets in a first run."""
        ids = self.evidence.records["record_id"].combine_chunks()
        named = name_customers(ids, self.resolution.labels, Registry(), date(2026, 7, 1))
        return list(named.customers_of_records.to_pylist())

    @property
    def people(self) -> set[frozenset[str]]:
        """The records of each person."""
        found: dict[str, set[str]] = {}
        for record, first in self.first_records.items():
            found.setdefault(first, set()).add(record)
        return {frozenset(records) for records in found.values()}

    @property
    def reasons(self) -> set[str]:
        """Why evidence was not followed."""
        return set(self.resolution.refusals.reason)

    def are_one(self, *records: str) -> bool:
        """Whether these records are one person."""
        return len({self.first_records[record] for record in records}) == 1

    def said(self) -> dict[str, object]:
        """Everything the room says, in an order of its own, to compare with what it said another time."""
        links, refusals = self.resolution.links, self.resolution.refusals
        return {
            "people": self.first_records,
            "customers": self.customers,
            "links": sorted(zip(links.left, links.right, links.rule, links.score, strict=True)),
            "refusals": sorted(zip(refusals.left, refusals.right, refusals.rule, refusals.reason, strict=True)),
            "bridges": sorted(map(str, self.resolution.bridges.to_pylist())),
        }


def resolved(
    records: Sequence[Record], by: Rules, decisions: Sequence[Decision] = (), learned: Learned | None = None
) -> Resolved:
    """Gather what was told and resolve it."""
    evidence = gather(*tables(records, by), by)
    return Resolved(evidence, resolve(evidence, by, decisions, learned))


def shuffled_in_batches(records: Sequence[Record], by: Rules, chance: random.Random) -> tuple[pa.Table, pa.Table]:
    """The tables of the records in a random order, each arriving in batches cut at random."""
    told, held = tables(chance.sample(records, len(records)), by)
    return _cut(told, chance), _cut(held, chance)


def _cut(table: pa.Table, chance: random.Random) -> pa.Table:
    order = chance.sample(range(len(table)), len(table))
    cuts = sorted(chance.choices(range(len(table) + 1), k=3))
    taken = table.take(pa.array(order, pa.int64()))
    return pa.concat_tables(
        taken.slice(start, end - start) for start, end in zip([0, *cuts], [*cuts, len(table)], strict=True)
    )


def tied_by(links: Sequence[tuple[int, int]], count: int) -> Positions:
    """For each position the smallest that a path of links ties to it, by a library of its own."""
    ends = np.array(list(chain.from_iterable(links)), dtype=np.int64).reshape(-1, 2)
    ties = coo_array((np.ones(len(ends), dtype=bool), (ends[:, 0], ends[:, 1])), shape=(count, count))
    _, components = connected_components(ties, directed=False)
    _, first = np.unique(components, return_index=True)
    return first.astype(np.int64)[components]
