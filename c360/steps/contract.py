"""What a person does with contracts by hand: check them, and write the schema their editor reads."""

from pathlib import Path

from c360.core.errors import ConfigurationError
from c360.core.settings import Settings
from c360.sources.contract import Contract, load_contract, load_contracts
from c360.sources.contract_schema import write_schema


def check(settings: Settings, source: str | None = None) -> list[Contract]:
    """Load every contract, or the one of `source`.

    Raises:
        ContractError: one says something it must not; every fault of the file is named.
        ConfigurationError: there is no contract of `source`.
    """
    if source is None:
        return load_contracts(settings.contracts_dir)
    path = settings.contracts_dir / f"{source}.yml"
    if not path.is_file():
        raise ConfigurationError(f"There is no contract {path}. `c360 contract new <file>` drafts one.")
    return [load_contract(path)]


def schema(settings: Settings) -> Path:
    """Write the JSON Schema of contracts beside them and say where."""
    return write_schema(settings.contracts_dir)
