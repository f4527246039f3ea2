"""Which landed file belongs to which table."""

from collections.abc import Iterable
from pathlib import Path

from c360.core.errors import ContractError
from c360.sources.contract import Contract, SourceTable


def landed_files(landing_dir: Path, table: SourceTable) -> list[Path]:
    """The files of a table that lie in landing, by name."""
    return sorted(path for path in (landing_dir / table.source_name).glob(table.terms.files) if path.is_file())


def find_unclaimed(landing_dir: Path, contracts: Iterable[Contract]) -> list[Path]:
    """The landed files that no contract speaks of.

    Raises:
        ContractError: two tables of a source lay claim to one file.
    """
    claims: dict[Path, str] = {}
    for table in (table for contract in contracts for table in contract.source_tables):
        for path in landed_files(landing_dir, table):
            if path in claims:
                raise ContractError(
                    f"{path} is claimed by two tables, {claims[path]} and {table}. Make their `files` narrower."
                )
            claims[path] = str(table)
    landed = {path for path in landing_dir.glob("*/*") if path.is_file() and not path.name.startswith(".")}
    return sorted(landed - set(claims))
