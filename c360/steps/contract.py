"""What a person does with contracts by hand: draft one, check them, and write the schema their editor reads."""

import re
from dataclasses import dataclass
from pathlib import Path

from c360.core.errors import ConfigurationError
from c360.core.files import appearing
from c360.core.settings import Settings
from c360.sources.contracts.contract import Contract
from c360.sources.contracts.loading import load_contract, load_contracts
from c360.sources.contracts.schema import write_schema
from c360.sources.drafting.draft import draft_contract
from c360.sources.lake.private_engine import private_engine

_SOURCE_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class DraftedContract:
    """Where a drafted contract was written, and what a person must look at before it is used."""

    path: Path
    to_check: list[str]


def new(settings: Settings, sample: Path, source: str | None = None, *, force: bool = False) -> DraftedContract:
    """Draft a contract from a sample file. It loads, and ingest of that file under it loses no row.

    Args:
        settings: Where contracts lie.
        sample: A file as the source writes it: CSV, JSON lines or Parquet, gzipped or not.
        source: The source's name; default the folder of the file in landing, else the file's own name.
        force: Whether a contract that is there may be overwritten.

    Raises:
        ConfigurationError: there is no such file, the source's name is not one, or it has a contract already.
        ContractError: the file cannot be read as rows under any contract.
    """
    if not sample.is_file():
        raise ConfigurationError(f"There is no file {sample}.")
    name = source or _source_name(settings, sample)
    if not _SOURCE_NAME.fullmatch(name):
        raise ConfigurationError(
            f"{name!r} is no name of a source: small letters, digits and _, as in --source web_shop."
        )
    path = settings.contracts_dir / f"{name}.yml"
    if path.exists() and not force:
        raise ConfigurationError(
            f"{path} is there already. Choose another name with --source, or overwrite it: --force."
        )
    with private_engine(settings, ".spill_draft") as engine:
        draft = draft_contract(engine, settings, sample, name)
    with appearing(path) as part:
        part.write_text(draft.text, "utf-8")
    return DraftedContract(path, draft.to_check)


def _source_name(settings: Settings, sample: Path) -> str:
    folder = sample.resolve().parent
    if folder.parent == settings.landing_dir.resolve():
        return folder.name
    return re.sub(r"[^a-z]+", "_", sample.name.split(".")[0].lower()).strip("_")


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
