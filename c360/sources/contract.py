"""Contracts: what each source promises, one `contracts/<source>.yml` per source."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import available_timezones

import duckdb
import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from c360.core.errors import ContractError
from c360.sources.casting import SQL_TYPES, ColumnType, quoted
from c360.sources.json_paths import is_json_path

Feed = Literal[
    "records", "order_lines", "web_events", "consents", "messages", "ad_clicks", "ad_costs", "products", "interactions",
    "survey_answers", "preferences", "memberships", "third_party_segments",
]  # fmt: skip
FEEDS: tuple[Feed, ...] = get_args(Feed)
PersonalClass = Literal[
    "email", "phone", "name", "address", "postal_code", "birth_date", "customer_number", "online_identifier", "device",
    "demographic", "free_text",
]  # fmt: skip
NORMALISED_CLASSES = ("email", "phone")
"""Personal classes whose columns get a `<column>_normalised` beside them in the lake."""
Purpose = Literal[
    "order_fulfilment", "customer_service", "analytics", "personalisation", "email_marketing", "advertising"
]
Format = Literal["csv", "jsonl", "parquet"]
Drift = Literal["evolve", "warn", "quarantine", "fail"]

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Sentence = Annotated[str, StringConstraints(pattern=r"^\S.*\S$", max_length=200)]


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError("is no time zone of the IANA list, such as Europe/Paris")
    return zone


def _inside_its_folder(pattern: str) -> str:
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise ValueError("must stay inside landing/<source>/")
    return pattern


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Column(_Strict):
    """One column: its type, whether every row must have it, and whose personal data it holds."""

    type: ColumnType
    required: bool = False
    description: str = ""
    personal: PersonalClass | None = None
    country_column: Name | None = None
    """For a phone: the column of the country in which a number without a calling code is dialled."""
    source_name: Annotated[str, StringConstraints(min_length=1)] | None = None
    """The column's name in the file when it is not ours; in JSON lines and Parquet also a path (`$.customer.id`,
    `$.params[key=page].value`)."""


class Freshness(_Strict):
    """How old the newest event of a table may be at the run's `as_of`, in hours."""

    warn_after_hours: Annotated[int, Field(gt=0)]
    error_after_hours: Annotated[int, Field(gt=0)]


class Refusal(_Strict):
    """A rule by which a row whose values are well-formed is still refused."""

    reason: Sentence
    when: Sentence
    """A boolean SQL expression over the table's typed columns."""


class Table(_Strict):
    """What a source promises about one kind of file."""

    description: Sentence
    files: Annotated[str, StringConstraints(min_length=1), AfterValidator(_inside_its_folder)]
    format: Format | None = None
    """What its files are; without it, each file's suffix tells."""
    encoding: Literal["utf-8", "utf-16", "latin-1"] = "utf-8"
    delimiter: Annotated[str, StringConstraints(pattern=r'^[^"\r\n]$')] = ","
    key: list[Name]
    event_time: Name | None = None
    version: Name | None = None
    """Which of several rows with one key stands: the one with the greatest value here; default the event time."""
    freshness: Freshness | None = None
    drift: Drift = "fail"
    """What happens when a file has other columns than promised: keep them, ignore them, refuse the file, or stop."""
    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    columns: Annotated[dict[Name, Column], Field(min_length=1)]
    refuse: list[Refusal] = []
    max_quarantined_rate: Annotated[float, Field(ge=0, le=1)] = 0.05
    optional: bool = False

    @property
    def identifiers(self) -> dict[str, Column]:
        """The columns that are normalised: e-mails and phones."""
        return {name: column for name, column in self.columns.items() if column.personal in NORMALISED_CLASSES}

    @model_validator(mode="after")
    def _name_columns_that_exist(self) -> Self:
        for what, name in self._names_used():
            if name not in self.columns:
                raise ValueError(f"{what} names the column {name}, which is not among the columns")
        return self

    @model_validator(mode="after")
    def _place_event_time(self) -> Self:
        if self.event_time and self.columns[self.event_time].type not in ("date", "timestamp"):
            raise ValueError(f"event_time is the column {self.event_time}, which is neither a date nor a timestamp")
        return self

    @model_validator(mode="after")
    def _keep_normalised_names_free(self) -> Self:
        if taken := [f"{name}_normalised" for name in self.identifiers if f"{name}_normalised" in self.columns]:
            raise ValueError(f"{taken[0]} is the name of a column that c360 adds; call the source's own differently")
        return self

    @model_validator(mode="after")
    def _find_each_column_once(self) -> Self:
        names = [column.source_name or name for name, column in self.columns.items()]
        if twice := [name for name in names if names.count(name) > 1]:
            raise ValueError(f"two columns are read from {twice[0]!r} in the file")
        return self

    @model_validator(mode="after")
    def _follow_only_json_paths(self) -> Self:
        names = [column.source_name for column in self.columns.values() if column.source_name]
        if self.format != "csv" and (bad := [n for n in names if n.startswith("$") and not is_json_path(n)]):
            raise ValueError(f"source_name {bad[0]!r} is not a JSON path such as $.customer.id")
        return self

    def _names_used(self) -> list[tuple[str, str]]:
        countries = [
            (f"country_column of {name}", column.country_column)
            for name, column in self.columns.items()
            if column.country_column
        ]
        event_time = [("event_time", self.event_time)] if self.event_time else []
        return [("key", name) for name in self.key] + event_time + countries


@dataclass(frozen=True)
class SourceTable:
    """A table with the names by which the lake, the log and the warehouse know it."""

    source_name: str
    table_name: str
    owner: str
    terms: Table

    def __str__(self) -> str:
        return f"{self.source_name}.{self.table_name}"


class Contract(_Strict):
    """What one source promises."""

    source: Name
    description: Sentence
    owner: Sentence
    purposes: list[Purpose] = []
    """What the source's data may be used for."""
    feeds: Annotated[list[Feed], Field(min_length=1)]
    """Which shared vocabularies the source's staging models speak."""
    tables: Annotated[dict[Name, Table], Field(min_length=1)]

    @property
    def source_tables(self) -> list[SourceTable]:
        """The tables, in the contract's order."""
        return [SourceTable(self.source, name, self.owner, table) for name, table in self.tables.items()]


def load_contracts(folder: Path) -> list[Contract]:
    """Every contract in `folder`, by source.

    Raises:
        ContractError: there is none, or one says something it must not; every fault of a file is named.
    """
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise ContractError(f"There is no contract (<source>.yml) in {folder}. Write one per source of this shop.")
    return [load_contract(path) for path in paths]


def load_contract(path: Path) -> Contract:
    """One contract.

    Raises:
        ContractError: the file says something a contract must not; every fault is named.
    """
    try:
        contract = Contract.model_validate(_read_yaml(path))
    except ValidationError as error:
        faults = [f"{_place(fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        raise _fault(path, faults) from None
    if contract.source != path.stem:
        raise _fault(path, [f"source: is {contract.source!r}, but the file is named for {path.stem!r}"])
    if faults := _faults_of_refusals(contract):
        raise _fault(path, faults)
    return contract


def feeds_by_entity(contracts: list[Contract]) -> dict[str, list[str]]:
    """Which sources feed each shared vocabulary, by name. Every vocabulary is there, fed or not."""
    return {feed: sorted(contract.source for contract in contracts if feed in contract.feeds) for feed in FEEDS}


class _OneKeyOnceLoader(yaml.SafeLoader):
    """YAML in which a key that is written twice is a fault, not an overwriting."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for (key_node, _), key in zip(node.value, keys, strict=True):
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"{key!r} is written twice", problem_mark=key_node.start_mark)
        return super().construct_mapping(node, deep)


def _read_yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text("utf-8"), _OneKeyOnceLoader)  # noqa: S506  a SafeLoader
    except UnicodeDecodeError:
        raise _fault(path, ["is not UTF-8"]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "the file"
        raise _fault(path, [f"{where}: {getattr(error, 'problem', None) or 'is not YAML'}"]) from None


def _faults_of_refusals(contract: Contract) -> list[str]:
    with duckdb.connect() as engine:
        return [
            f"tables.{name}.refuse.{number}.when: {fault}"
            for name, table in contract.tables.items()
            for number, refusal in enumerate(table.refuse)
            if (fault := _fault_of_refusal(engine, table, refusal))
        ]


def _fault_of_refusal(engine: duckdb.DuckDBPyConnection, table: Table, refusal: Refusal) -> str | None:
    columns = ", ".join(f"null::{SQL_TYPES[column.type]} as {quoted(name)}" for name, column in table.columns.items())
    try:
        described = engine.execute(f"describe select ({refusal.when}) from (select {columns}) where true").fetchall()
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return None if described[0][1] == "BOOLEAN" else f"gives {described[0][1]}, not true or false"


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the file"


def _fault(path: Path, faults: list[str]) -> ContractError:
    listed = "".join(f"\n  {fault}" for fault in faults)
    return ContractError(f"The contract {path} cannot be used:{listed}\nCorrect it and run again.")
