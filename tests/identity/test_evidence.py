"""Evidence: in an order that follows from what it says, each identifier once."""

from datetime import datetime

import pyarrow as pa

from c360.identity.evidence import IDENTIFIERS_SCHEMA, gather
from c360.identity.rules import Rules

RULES = Rules.model_validate({"identifiers": {"phone": None, "email": {"blocked": ["test@*"]}}})
EARLY, LATE = datetime(2026, 1, 1), datetime(2026, 5, 1)  # noqa: DTZ001 - the schema's timestamps bear no zone
TOLD = [
    ("b", "phone", "2", LATE, LATE),
    ("b", "phone", "2", EARLY, EARLY),
    ("a", "phone", "2", None, LATE),
    ("a", "phone", "10", LATE, None),
    ("b", "email", "z@example.org", None, None),
    ("a", "email", "Test@example.org", None, None),
    ("a", "email", "", None, None),
    ("a", "email", None, None, None),
]


def test_identifiers_are_told_once_and_in_order() -> None:
    """By type, value and record; seen at the earliest and the latest of what was told; none that is blocked."""
    columns = [
        pa.array(column, place.type) for column, place in zip(zip(*TOLD, strict=True), IDENTIFIERS_SCHEMA, strict=True)
    ]
    records = pa.table({"record_id": ["b", "a"], "source_name": ["crm", "crm"]})
    evidence = gather(records, pa.Table.from_arrays(columns, schema=IDENTIFIERS_SCHEMA), RULES)

    assert evidence.records["record_id"].to_pylist() == ["a", "b"]
    assert [tuple(row.values()) for row in evidence.identifiers.to_pylist()] == [
        (1, "email", "z@example.org", None, None),
        (0, "phone", "10", LATE, None),
        (0, "phone", "2", None, LATE),
        (1, "phone", "2", EARLY, LATE),
    ]
    assert evidence.blocked["identifier_value"].to_pylist() == ["", "Test@example.org"]
