"""A contract drafted from a sample file, and tried on that file before anybody gets to see it.

The file is loaded into a private lake that is thrown away, first with every column as text, to look at all its values,
then under the draft, until ingest refuses no value for its type.
"""

import glob
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from c360.core.errors import ContractError
from c360.core.settings import Settings
from c360.sources.contracts.contract import SourceTable, Table
from c360.sources.contracts.loading import load_contract
from c360.sources.drafting.guesses import (
    columns_without_offset,
    guess_event_time,
    guess_key,
    guess_types,
    wider_type,
)
from c360.sources.drafting.personal import NAMES_NOT_NUMBERS, class_of_name, classes_of_values
from c360.sources.drafting.shape import Shape, look_at
from c360.sources.drafting.text import DraftedColumn, DraftedTable, draft_text
from c360.sources.lake.accounts import FileAccount
from c360.sources.lake.lake import TableLake, make_private
from c360.sources.lake.load import TableLoad
from c360.sources.values.casting import ColumnType

_ANY_DAY = date(2000, 1, 1)
_WRONG_TYPE = re.compile(r"(?:not_[a-z]+|implausible_time):(.+)")
_DATE_LIKE = re.compile(r"\d+(?:[-_.T]?\d+)*")


@dataclass(frozen=True)
class Draft:
    """A contract's text, and what a person must look at."""

    text: str
    to_check: list[str]


def draft_contract(engine: duckdb.DuckDBPyConnection, settings: Settings, path: Path, source: str) -> Draft:
    """Draft the contract of `source` from a sample file.

    Args:
        engine: An in-memory engine that nobody else uses.
        settings: Where quarantine is: trials hold raw rows and lie there.
        path: The sample file.
        source: The name of the source.

    Raises:
        ContractError: the file cannot be read as rows under any contract. No value is shown.
    """
    shape = look_at(engine, path)
    with _trial_folder(settings) as folder:
        trial = _Trial(engine, settings, folder, path)
        drafted, account = _draft_table(trial, shape)
        text = draft_text(source, drafted)
        drafted_path = folder / f"{source}.yml"
        drafted_path.write_text(text, "utf-8")
        tried, _ = trial.load(load_contract(drafted_path).tables[drafted.name])
        if tried.status == "refused":
            raise ContractError(f"No contract can be drafted from {path.name}. {tried.explanation}")
    return Draft(text, _to_check(drafted, account))


@dataclass
class _Trial:
    engine: duckdb.DuckDBPyConnection
    settings: Settings
    folder: Path
    path: Path

    def load(self, terms: Table) -> tuple[FileAccount, str]:
        """Load the sample, and give its account and the SQL of its rows."""
        shutil.rmtree(self.folder / "lake", ignore_errors=True)
        settings = self.settings.model_copy(update={"data_dir": self.folder})
        lake = TableLake(settings, SourceTable("draft", "sample", "nobody", terms))
        account = TableLoad(self.engine, lake, _ANY_DAY, "draft").load(self.path, "sample")
        return account, lake.relation()


def _draft_table(trial: _Trial, shape: Shape) -> tuple[DraftedTable, FileAccount]:
    columns = list(shape.columns)
    account, rows = trial.load(_trial_terms(shape, dict.fromkeys(columns, "string")))
    if account.status == "refused":
        raise ContractError(f"No contract can be drafted from {trial.path.name}. {account.explanation}")
    personal = {name: one for name in columns if (one := class_of_name(name))}
    guessed = guess_types(trial.engine, rows, columns)
    types = guessed | {name: "string" for name, one in personal.items() if one in NAMES_NOT_NUMBERS}
    texts = [name for name in columns if types[name] == "string" and name not in personal]
    personal |= classes_of_values(trial.engine, rows, texts)
    types = _types_ingest_takes(trial, shape, types)
    times = [name for name, one in types.items() if one == "timestamp"]
    key, names_every_row = guess_key(trial.engine, rows, types)
    drafted = DraftedTable(
        name=_table_name(trial.path),
        files=_pattern(trial.path),
        shape=shape,
        key=key,
        key_names_every_row=names_every_row,
        event_time=guess_event_time(types),
        is_local=bool(columns_without_offset(trial.engine, rows, times)),
        columns={name: DraftedColumn(types[name], personal.get(name)) for name in columns},
    )
    return drafted, account


def _types_ingest_takes(trial: _Trial, shape: Shape, types: dict[str, ColumnType]) -> dict[str, ColumnType]:
    """Widen the types until no value is refused for its type."""
    numbers = {name for name, one in types.items() if one == "timestamp"}
    while True:
        account, _ = trial.load(_trial_terms(shape, types))
        refused = {match[1] for reason in account.quarantined if (match := _WRONG_TYPE.fullmatch(reason))}
        if not refused:
            return types
        types = types | {name: wider_type(types[name], is_number=name in numbers) for name in refused}


def _trial_terms(shape: Shape, types: dict[str, ColumnType]) -> Table:
    columns = {name: {"type": types[name], "source_name": shape.columns[name]} for name in types}
    return Table.model_validate(
        {
            "description": "A trial.",
            "files": "*",
            "format": shape.format,
            "encoding": shape.encoding,
            "delimiter": shape.delimiter,
            "key": [name for name, one in types.items() if one != "json"][:1],
            "columns": columns,
            "max_quarantined_rate": 1.0,
        }
    )


def _table_name(path: Path) -> str:
    stem = _DATE_LIKE.sub("", path.name.split(".")[0])
    name = re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_")
    return name if name[:1].isalpha() else "rows"


def _pattern(path: Path) -> str:
    """The names of this file and of its like: dates and numbers may differ, and it may be compressed or not."""
    suffixes = [suffix for suffix in path.suffixes if suffix.lower() != ".gz"]
    stem = path.name.removesuffix(".gz").removesuffix(suffixes[-1])
    varying = _DATE_LIKE.sub("*", glob.escape(stem))
    return f"{varying}{'' if varying.endswith('*') else '*'}{suffixes[-1]}*"


@contextmanager
def _trial_folder(settings: Settings) -> Iterator[Path]:
    folder = settings.quarantine_dir / ".draft"
    shutil.rmtree(folder, ignore_errors=True)
    make_private(folder, settings.quarantine_dir)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _to_check(drafted: DraftedTable, account: FileAccount) -> list[str]:
    personal = [name for name, column in drafted.columns.items() if column.personal]
    found = [
        "owner, description, purposes and feeds: nobody can guess them",
        f"key: [{', '.join(drafted.key)}]"
        + ("" if drafted.key_names_every_row else ", because no two columns name every row"),
        f"event_time: {drafted.event_time or 'none was found'}",
        f"personal: {', '.join(personal) or 'none was found'}; look at the other columns too",
        "required: only the key is; say so of every column no row may lack",
    ]
    if drafted.is_local:
        found.append("timezone: where the clock hung that wrote timestamps without an offset")
    if refused := {reason: rows.count for reason, rows in account.quarantined.items()}:
        listed = ", ".join(f"{reason} {count}" for reason, count in refused.items())
        found.append(f"rows of the sample that no contract makes readable: {listed}")
    return found
