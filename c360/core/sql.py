"""Names and texts as SQL writes them."""

from pathlib import Path


def quoted(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """`text` as an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"
