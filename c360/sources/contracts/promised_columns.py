"""Contracts as rows, so that they can be queried: which column is personal, whose it is, what it may be used for."""

from collections.abc import Sequence

import pyarrow as pa

from c360.sources.contracts.contract import SourceTable

_TEXT = pa.string()
_COLUMNS = pa.schema(
    [
        ("source_name", _TEXT),
        ("table_name", _TEXT),
        ("column_name", _TEXT),
        ("column_position", pa.int64()),
        ("column_type", _TEXT),
        ("personal_class", _TEXT),
        ("purposes", _TEXT),
        ("owner", _TEXT),
        ("description", _TEXT),
        ("is_required", pa.bool_()),
        ("is_key", pa.bool_()),
        ("is_event_time", pa.bool_()),
        ("is_version", pa.bool_()),
    ]
)


def promised_columns(tables: Sequence[SourceTable]) -> pa.Table:
    """One row per column of every contract."""
    return pa.Table.from_pylist([row for table in tables for row in columns_of(table)], _COLUMNS)


def columns_of(table: SourceTable) -> list[dict[str, object]]:
    """The columns of one table, in the contract's order."""
    return [
        {
            "source_name": table.source_name,
            "table_name": table.table_name,
            "column_name": name,
            "column_position": position,
            "column_type": column.type,
            "personal_class": column.personal,
            "purposes": ", ".join(table.purposes_of(column)),
            "owner": table.owner,
            "description": column.description,
            "is_required": column.required,
            "is_key": name in table.terms.key,
            "is_event_time": name == table.terms.event_time,
            "is_version": name == table.terms.version_column,
        }
        for position, (name, column) in enumerate(table.terms.columns.items(), start=1)
    ]
