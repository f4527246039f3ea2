"""Contracts: what each source promises, one `contracts/<source>.yml` per source."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, get_args
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from c360.sources.contracts.faults import contract_faults, table_faults, with_files_of_database
from c360.sources.contracts.feeds import MAPPED
from c360.sources.values.casting import ColumnType

Feed = Literal[
    "records", "identifiers", "order_lines", "web_events", "consents", "messages", "ad_clicks", "ad_costs", "products",
    "interactions", "survey_answers", "preferences", "memberships", "third_party_segments",
]  # fmt: skip
FEEDS: tuple[Feed, ...] = get_args(Feed)
PersonalClass = Literal[
    "email", "phone", "name", "address", "postal_code", "birth_date", "customer_number", "online_identifier", "device",
    "demographic", "free_text",
]  # fmt: skip
NORMALISED_CLASSES: dict[PersonalClass, tuple[str, ...]] = {
    "email": ("normalised",),
    "phone": ("normalised",),
    "name": ("normalised", "folded"),
    "address": ("normalised",),
    "postal_code": ("normalised",),
}
"""Personal classes whose columns get further ones beside them in the lake, `<column>_<suffix>`, by their suffixes."""


Purpose = Literal[
    "order_fulfilment", "customer_service", "analytics", "personalisation", "email_marketing", "advertising"
]
Format = Literal["csv", "jsonl", "parquet"]
Encoding = Literal["utf-8", "utf-16", "latin-1"]
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


ModelT = TypeVar("ModelT", bound="_Strict")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


class Column(_Strict):
    """One column: its type, whether every row must have it, and whose personal data it holds."""

    type: ColumnType
    """What its values are cast to. A value that is not clearly of this type is refused, never guessed."""
    required: bool = False
    """Whether a row without a value here is refused."""
    description: str = ""
    """What the column means, for those who query it."""
    personal: PersonalClass | None = None
    """What it tells about a person. Some classes get a `<column>_normalised` beside them, names a `<column>_folded`."""
    purposes: Annotated[list[Purpose], Field(min_length=1)] | None = None
    """What the column may be used for, when that is less than the source allows."""
    country_column: Name | None = None
    """For a phone or an address: the column of its country, in which a number without a calling code is dialled."""
    source_name: Annotated[str, StringConstraints(min_length=1)] | None = None
    """The column's name in the file when it is not ours; in JSON lines and Parquet also a path (`$.customer.id`,
    `$.params[key=page].value`)."""


class Freshness(_Strict):
    """How old the newest event of a table may be at the run's `as_of`, in hours."""

    warn_after_hours: Annotated[int, Field(gt=0)]
    """Older than this is logged as a warning."""
    error_after_hours: Annotated[int, Field(gt=0)]
    """Older than this stops the run."""


class Refusal(_Strict):
    """A rule by which a row whose values are well-formed is still refused."""

    reason: Sentence
    """What is said of the rows it refuses."""
    when: Sentence
    """A boolean SQL expression over the table's typed columns."""


class DatabaseTable(_Strict):
    """The table of a database whose new rows are landed as files before ingest: docs/transport.md."""

    connection: Name
    """Which of the environment's `C360_CONNECTION_<NAME>` leads to the database."""
    table: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)?$")]
    """The table or view, with its schema or without."""
    cursor: Name
    """The column that grows with every insert and update: a number, a date or a timestamp."""
    overlap: Annotated[int, Field(ge=0)] = 0
    """How far before the newest value seen reading begins again: seconds of a timestamp, days of a date, or steps."""

    @property
    def file_stem(self) -> str:
        """How the names of its landed files begin."""
        return f"{self.connection}.{self.table}"


Mapping = Annotated[dict[Name, Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$")]], Field(min_length=1)]
"""A feed's columns by SQL expressions over the table's columns in the lake; columns that are not named are NULL."""


class Table(_Strict):
    """What a source promises about one kind of file."""

    description: Sentence
    """What one row is."""
    files: Annotated[str, StringConstraints(min_length=1), AfterValidator(_inside_its_folder)] = ""
    """Which files of `landing/<source>/` are of this table, with `*` for any letters."""
    format: Format | None = None
    """How the files are written; without it, each file's suffix tells. Compression is told by the suffix `.gz`."""
    database: DatabaseTable | None = None
    """Instead of `files` and `format`: the database table whose new rows are landed."""
    encoding: Encoding = "utf-8"
    """The character encoding of a CSV or JSON lines file."""
    delimiter: Annotated[str, StringConstraints(pattern=r'^[^"\r\n]$')] = ","
    """What separates the values of a CSV file."""
    key: Annotated[list[Name], Field(min_length=1)]
    """The columns that together name a row. Two rows with one key and other content are both kept, and flagged."""
    event_time: Name | None = None
    """The column that tells when what the row speaks of happened: a date or a timestamp."""
    version: Name | None = None
    """Which of several rows with one key stands: the one with the greatest value here; default the event time."""
    freshness: Freshness | None = None
    """How old the newest event may be before the run warns or stops."""
    drift: Drift = "fail"
    """What happens when a file has other columns than promised: keep them, ignore them, refuse the file, or stop."""
    timezone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    """Where the clock hung that wrote timestamps without an offset."""
    columns: Annotated[dict[Name, Column], Field(min_length=1)]
    """Every column of the file, under the name the lake gives it."""
    feeds: dict[Feed, Mapping] = {}
    """The feeds this table delivers without a staging model."""
    refuse: list[Refusal] = []
    """The source's own rules about rows; the first that holds is the reason."""
    max_quarantined_rate: Annotated[float, Field(ge=0, le=1)] = 0.05
    """A file with a greater share of refused rows is refused whole."""
    optional: bool = False
    """Whether the shop can do without: otherwise the run stops when nothing was ever landed."""

    @property
    def identifiers(self) -> dict[str, Column]:
        """The columns that are normalised."""
        return {name: column for name, column in self.columns.items() if column.personal in NORMALISED_CLASSES}

    @property
    def added_columns(self) -> dict[str, list[str]]:
        """The columns that the lake holds beside each identifier for its normal forms."""
        return {
            name: [f"{name}_{suffix}" for suffix in NORMALISED_CLASSES[column.personal]]
            for name, column in self.identifiers.items()
            if column.personal
        }

    @property
    def version_column(self) -> str | None:
        """The column whose greatest value tells which of several rows with one key stands."""
        return self.version or self.event_time

    @model_validator(mode="before")
    @classmethod
    def _say_where_rows_come_from(cls, terms: Any) -> Any:
        return with_files_of_database(terms) if isinstance(terms, dict) else terms

    @model_validator(mode="after")
    def _agree_with_itself(self) -> Self:
        return _without(table_faults(self), self)


@dataclass(frozen=True)
class SourceTable:
    """A table with the names by which the lake, the log and the warehouse know it."""

    source_name: str
    table_name: str
    owner: str
    terms: Table
    purposes: tuple[Purpose, ...] = ()

    def purposes_of(self, column: Column) -> tuple[Purpose, ...]:
        """What a column may be used for: what the source allows, or the part of it the column names."""
        return tuple(column.purposes or self.purposes)

    def __str__(self) -> str:
        return f"{self.source_name}.{self.table_name}"


class Contract(_Strict):
    """What one source promises."""

    source: Name
    """The source's name, which is also the file's: `<source>.yml`."""
    description: Sentence
    """What the source is."""
    owner: Sentence
    """Who answers for it when a file is late or wrong."""
    purposes: list[Purpose] = []
    """What the source's data may be used for."""
    feeds: Annotated[list[Feed], Field(min_length=1)]
    """Which shared vocabularies the source delivers, through staging models or a table's own `feeds`."""
    tables: Annotated[dict[Name, Table], Field(min_length=1)]
    """One entry per kind of file."""

    @property
    def mapped_feeds(self) -> set[Feed]:
        """The feeds that tables of this contract map themselves, so that no staging model is needed."""
        return {feed for table in self.tables.values() for feed in table.feeds}

    @property
    def source_tables(self) -> list[SourceTable]:
        """The tables, in the contract's order."""
        purposes = tuple(self.purposes)
        return [SourceTable(self.source, name, self.owner, table, purposes) for name, table in self.tables.items()]

    @model_validator(mode="after")
    def _agree_with_itself(self) -> Self:
        return _without(contract_faults(self), self)


def feeds_by_entity(contracts: list[Contract]) -> dict[str, list[str]]:
    """Whose staging models `stg_<name>__<feed>` feed each shared vocabulary. Every vocabulary is there, fed or not.

    `mapped` stands for all sources whose contracts map the feed themselves.
    """
    return {
        feed: sorted({_stager(contract, feed) for contract in contracts if feed in contract.feeds}) for feed in FEEDS
    }


def _stager(contract: Contract, feed: Feed) -> str:
    return MAPPED if feed in contract.mapped_feeds else contract.source


def _without(faults: list[str], sound: ModelT) -> ModelT:
    if faults:
        raise ValueError("\n".join(faults))
    return sound
