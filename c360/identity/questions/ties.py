"""What two records have in common: the values behind a piece of evidence, masked unless somebody asks to see them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from c360.identity.evidence import Evidence
from c360.privacy.masking import masked

DECISION_RULE = "link"
MATCHING_RULE = "matching"


@dataclass(frozen=True)
class Held:
    """What one record says about its person."""

    record_id: str
    source_name: str
    attributes: dict[str, str]
    identifiers: frozenset[tuple[str, str]]
    """Each with its type."""


def held_by(evidence: Evidence, position: int, *, blocked: bool = False) -> Held:
    """What the record at a position says; with `blocked`, its identifiers that identify nobody too."""
    record: dict[str, Any] = evidence.records.slice(position, 1).to_pylist()[0]
    tables = [evidence.identifiers, evidence.blocked] if blocked else [evidence.identifiers]
    rows = pa.concat_tables([table.filter(pc.equal(table["record"], position)) for table in tables])
    return Held(
        record.pop("record_id"),
        record.pop("source_name"),
        {name: value for name, value in record.items() if value is not None},
        frozenset(zip(rows["identifier_type"].to_pylist(), rows["identifier_value"].to_pylist(), strict=True)),
    )


def tie(rule: str, left: Held, right: Held, *, show_values: bool = False) -> str:
    """The values by which a rule ties two records, as somebody may read them.

    Of an identifier what both hold; of matching what the two say, once where they say the same.
    """
    show: Callable[[str], str] = str if show_values else masked
    if rule == DECISION_RULE:
        return "somebody decided it"
    if rule == MATCHING_RULE:
        names = [name for name in left.attributes if name in right.attributes]
        return ", ".join(f"{name} {_compared(left.attributes[name], right.attributes[name], show)}" for name in names)
    shared = sorted(value for held, value in left.identifiers & right.identifiers if held == rule)
    return ", ".join(map(show, shared))


def _compared(left: str, right: str, show: Callable[[str], str]) -> str:
    return f"= {show(left)}" if left == right else f"{show(left)} ~ {show(right)}"
