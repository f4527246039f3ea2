"""The columns in which the lake holds a table: the contract's own, and those c360 adds beside them."""

from c360.sources.contracts.contract import Table
from c360.sources.values.casting import SQL_TYPES, offset_name

_PLACE_COLUMNS = {"_file_digest": "VARCHAR", "_line": "BIGINT", "_load_date": "DATE"}
FLAGS = "_flags"
"""The column of the lake that says what is doubtful about a row: `ambiguous_local_time:<column>` and the like."""
EXTRA = "_extra"
"""The column of the lake with what a file has beyond its contract, as one JSON object, where drift is `evolve`."""


def lake_columns(table: Table) -> dict[str, str]:
    """The columns of a table in the lake, with their SQL types."""
    return (
        {name: SQL_TYPES[column.type] for name, column in table.columns.items()}
        | {offset_name(name): "SMALLINT" for name, column in table.columns.items() if column.type == "timestamp"}
        | {added: "VARCHAR" for names in table.added_columns.values() for added in names}
        | ({EXTRA: "VARCHAR"} if table.drift == "evolve" else {})
        | {FLAGS: "VARCHAR"}
        | _PLACE_COLUMNS
    )


def content_columns(table: Table) -> list[str]:
    """The columns in which two rows must agree to be the same row: what the source said, not how it wrote it."""
    return [*table.columns, *([EXTRA] if table.drift == "evolve" else [])]
