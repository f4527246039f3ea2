"""Small worlds of records and who is one person in them, said in sets."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from c360.identity.evidence import Links, Positions
from c360.identity.history.registry import Named, Registry, name_customers

DAY = date(2026, 7, 1)
Partition = list[set[str]]


def day(number: int) -> date:
    """The day of the numbered run."""
    return DAY + timedelta(days=number)


def labelled(partition: Partition) -> tuple[pa.Array, Positions]:
    """Record ids, sorted, and the label of each: the smallest position of its cluster."""
    records = sorted(record for cluster in partition for record in cluster)
    position = {record: place for place, record in enumerate(records)}
    first_of = {record: position[min(cluster)] for cluster in partition for record in cluster}
    return pa.array(records, pa.string()), np.array([first_of[record] for record in records], dtype=np.int64)


def name(partition: Partition, previous: Registry | None = None, as_of: date = DAY) -> Named:
    """The customers of a partition."""
    records, labels = labelled(partition)
    return name_customers(records, labels, previous or Registry(), as_of)


def customers(registry: Registry) -> dict[str, str]:
    """The customer of every record."""
    return dict(zip(*(registry.members[name].to_pylist() for name in ("record_id", "customer_id")), strict=True))


def since(registry: Registry) -> dict[str, date]:
    """Since when every record has been with its customer."""
    return dict(zip(*(registry.members[name].to_pylist() for name in ("record_id", "member_since_date")), strict=True))


def links(partition: Partition, *pairs: tuple[str, str, str]) -> Links:
    """Accepted links, each as left record, right record and rule; as sure as they are early."""
    at = {record: place for place, record in enumerate(sorted(record for cluster in partition for record in cluster))}
    return Links(
        np.array([at[left] for left, _, _ in pairs], dtype=np.int64),
        np.array([at[right] for _, right, _ in pairs], dtype=np.int64),
        np.array([rule for *_, rule in pairs], dtype=object),
        np.linspace(1, 0.5, len(pairs)),
    )
