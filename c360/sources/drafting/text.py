"""The text of a drafted contract, as a person would have written it."""

import json
import re
from dataclasses import dataclass

import yaml

from c360.sources.contracts.contract import PersonalClass
from c360.sources.contracts.schema import SCHEMA_NAME
from c360.sources.drafting.shape import Shape
from c360.sources.values.casting import ColumnType

_COUNTRY = re.compile(r"(^|_)country(_code)?$")
_PEOPLE: tuple[PersonalClass, ...] = ("email", "phone", "name", "customer_number", "online_identifier")


@dataclass(frozen=True)
class DraftedColumn:
    """What was guessed of a column."""

    type: ColumnType
    personal: PersonalClass | None


@dataclass(frozen=True)
class DraftedTable:
    """What was guessed of a table."""

    name: str
    files: str
    shape: Shape
    key: list[str]
    key_names_every_row: bool
    event_time: str | None
    is_local: bool
    """Whether some timestamp has no offset."""
    columns: dict[str, DraftedColumn]


def draft_text(source: str, table: DraftedTable) -> str:
    """The contract of a source with this table. What nobody can guess is marked TODO."""
    is_personal = any(column.personal for column in table.columns.values())
    has_people = any(column.personal in _PEOPLE for column in table.columns.values())
    lines = [
        f"# yaml-language-server: $schema={SCHEMA_NAME}",
        f"source: {source}",
        "description: TODO what this source is.",
        "owner: TODO who answers for it",
        "purposes: [analytics]    # TODO what it may be used for" if is_personal else "purposes: []    # TODO",
        f"feeds: [{'records' if has_people else 'interactions'}]    # TODO what its staging models deliver",
        "tables:",
        f"  {table.name}:",
        "    description: TODO what one row is.",
        f"    files: {_scalar(table.files)}",
        f"    format: {table.shape.format}",
        *_dialect(table.shape),
        f"    key: [{', '.join(table.key)}]",
        *([f"    event_time: {table.event_time}"] if table.event_time else []),
        *(["    timezone: UTC    # TODO where the clock hung that wrote them"] if table.is_local else []),
        "    columns:",
        *(f"      {name}: {{{_terms(name, table)}}}" for name in table.columns),
    ]
    return "\n".join(lines) + "\n"


def _dialect(shape: Shape) -> list[str]:
    encoding = [] if shape.encoding == "utf-8" else [f"    encoding: {shape.encoding}"]
    delimiter = [] if shape.delimiter == "," else [f"    delimiter: {json.dumps(shape.delimiter)}"]
    return encoding + delimiter


def _terms(name: str, table: DraftedTable) -> str:
    column, source_name = table.columns[name], table.shape.columns[name]
    country = next((other for other in table.columns if _COUNTRY.search(other)), None)
    terms = {
        "type": column.type,
        "required": "true" if table.key_names_every_row and name in table.key else None,
        "personal": column.personal,
        "country_column": country if column.personal == "phone" else None,
        "source_name": _scalar(source_name) if source_name != name else None,
    }
    return ", ".join(f"{term}: {value}" for term, value in terms.items() if value)


def _scalar(text: str) -> str:
    """`text` as YAML, in quotes where it would not be read as that text."""
    is_plain = re.fullmatch(r"[A-Za-z0-9_$][\w.$ /()-]*", text, re.ASCII) and yaml.safe_load(text) == text
    return text if is_plain else json.dumps(text, ensure_ascii=False)
