"""Small evidence for tests of identity, written as what each record holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from typing import Any

import pyarrow as pa

from c360.identity.evidence import IDENTIFIERS_SCHEMA, Evidence, gather
from c360.identity.rules import Rules


@dataclass(frozen=True)
class Held:
    """A value and the day on which it was first seen."""

    value: str
    first_seen_on: date | None


def held(value: str, first_seen_on: date | None) -> Held:
    """An identifier that was first seen on a day."""
    return Held(value, first_seen_on)


def evidence_of(records: Mapping[str, Mapping[str, Any]], rules: Rules) -> Evidence:
    """Evidence in which each record holds one or several values per type of identifier, and attributes."""
    identifiers = [
        (record_id, kind, *_seen(value))
        for record_id, said in records.items()
        for kind in rules.identifiers
        for value in _listed(said.get(kind))
    ]
    columns = zip(*identifiers, strict=True) if identifiers else ([] for _ in IDENTIFIERS_SCHEMA)
    attributes = {
        name: pa.array([said.get(name) for said in records.values()], pa.string()) for name in rules.attributes
    }
    names = pa.array(list(records), pa.string())
    return gather(
        pa.table({"record_id": names, "source_name": pa.array(["test"] * len(records), pa.string())} | attributes),
        pa.Table.from_arrays(
            [pa.array(column, place.type) for column, place in zip(columns, IDENTIFIERS_SCHEMA, strict=True)],
            schema=IDENTIFIERS_SCHEMA,
        ),
        rules,
    )


def split(left: Iterable[str], right: Iterable[str]) -> Any:
    """A decision that no left record is a right one's person."""
    return SimpleNamespace(kind="split", left=tuple(left), right=tuple(right))


def _listed(values: Any) -> list[Any]:
    if values is None:
        return []
    return values if isinstance(values, list) else [values]


def _seen(value: str | Held) -> tuple[str, datetime | None, datetime | None]:
    if isinstance(value, str):
        return value, None, None
    day = value.first_seen_on and datetime.combine(value.first_seen_on, time(12), UTC).replace(tzinfo=None)
    return value.value, day, day
