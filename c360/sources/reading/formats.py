"""Which format a file is written in, as its name tells."""

from pathlib import Path

from c360.sources.contracts.contract import Format

FORMATS: dict[str, Format] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
    ".parquet": "parquet",
}  # fmt: skip
"""By the suffix of a file, which a `.gz` may follow."""


def format_of(path: Path) -> Format | None:
    """The format that a file's name tells, or None when it tells none."""
    suffix = path.with_suffix("").suffix if path.suffix.lower() == ".gz" else path.suffix
    return FORMATS.get(suffix.lower())
