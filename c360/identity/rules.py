"""The rules of identity: which identifiers tie records, how far each is trusted, and what matching compares.

One YAML file, `identity.yml`, says them all; `docs/identity.md` explains every key.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from c360.core.errors import ConfigurationError

AttributeKind = Literal[
    "first_name",
    "last_name",
    "full_name",
    "birth_date",
    "street",
    "house_number",
    "city",
    "postal_code",
    "region",
    "country",
    "gender",
    "email",
    "phone",
    "text",
]
"""What an attribute is; how it is normalised, compared and looked up follows from it. `text` is any other words."""

ATTRIBUTE_KINDS: tuple[str, ...] = get_args(AttributeKind)

_HOW_TO = "docs/identity.md shows a working file."
_Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class IdentifierRule(_Part):
    """How far one type of identifier is trusted."""

    column: str | None = None
    """The column of the records that holds it; by default the one called like the type."""
    joins: Literal["people", "anonymous"] = "people"
    """`anonymous`: it attaches records that have nothing else to one known person, and never ties two known people."""
    max_per_person: Annotated[int | None, Field(ge=1)] = None
    """How many different values one person may hold, in `window_days`; by default any number."""
    window_days: Annotated[int | None, Field(ge=1)] = None
    """The days within which values were first seen for them to count together; by default ever."""
    max_people: Annotated[int, Field(ge=1)] = 5
    """How many people who can be told apart may share a value before it is no evidence, not even beside a name."""
    max_records: Annotated[int, Field(ge=2)] = 1000
    """How many records may hold a value before it is no evidence."""
    blocked: tuple[str, ...] = ()
    """Values that identify nobody, `*` standing for any text: `test@*`."""


class Matching(_Part):
    """When records that share no identifier are one person."""

    is_on: bool = True
    """Whether names, dates and addresses are compared at all."""
    link_probability: Annotated[float, Field(gt=0, lt=1)] = 0.95
    """From which probability on a pair counts as one person; chosen on the sample world, see the room's README."""


class Rules(_Part):
    """All rules of a deployment, or of one table that is resolved alone."""

    record_id: str = "record_id"
    """The column that names a record."""
    blocked_values: tuple[str, ...] = ("0", "0000", "null", "none", "nan", "n/a", "na", "unknown", "undefined")
    """Values that identify nobody, whatever the type of identifier."""
    identifiers: dict[_Name, IdentifierRule] = Field(default_factory=dict)
    """By type, the most trusted first: where a limit would break, earlier evidence stands."""
    attributes: dict[str, AttributeKind] = Field(default_factory=dict)
    """The columns that matching compares, and what each is."""
    matching: Matching = Matching()
    max_changed_share: Annotated[float, Field(ge=0, le=1)] = 0.01
    """The share of customers that changed rules may merge or split before somebody must say yes."""

    @field_validator("identifiers", mode="before")
    @classmethod
    def _without_settings(cls, entries: object) -> object:
        """`email:` or `email: e_mail` say all there is to say about a type that needs no limits."""
        if not isinstance(entries, Mapping):
            return entries
        return {name: _as_rule(entry) for name, entry in entries.items()}

    @property
    def compared(self) -> dict[str, AttributeKind]:
        """The attributes that matching compares, with their kinds; none when it is off."""
        return self.attributes if self.matching.is_on else {}

    def column_of(self, identifier_type: str) -> str:
        """The column of the records that holds identifiers of this type."""
        return self.identifiers[identifier_type].column or identifier_type

    def blocked_patterns(self, identifier_type: str) -> str:
        """A regular expression that the lower-case values fully match which identify nobody."""
        blocked = [*self.blocked_values, *self.identifiers[identifier_type].blocked]
        return "|".join(".*".join(re.escape(part) for part in value.lower().split("*")) for value in blocked)


def load_rules(path: Path) -> Rules:
    """Read a rules file.

    Raises:
        ConfigurationError: what is wrong in the file, where, and what to do.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"There is no rules file {path}. {_HOW_TO}") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise ConfigurationError(f"{path} is not YAML that can be read. {_HOW_TO}") from None
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path} is empty or a list; it must be keys with values. {_HOW_TO}")
    try:
        return Rules.model_validate(content)
    except ValidationError as error:
        raise ConfigurationError(f"{path} cannot be used:\n{_faults(error)}\n{_HOW_TO}") from None


def _as_rule(entry: object) -> object:
    if entry is None:
        return {}
    return {"column": entry} if isinstance(entry, str) else entry


def _faults(error: ValidationError) -> str:
    return "\n".join(f"  {_place(fault['loc'])}: {_meaning(fault)}" for fault in error.errors())


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location if part != "[key]") or "the file"


def _meaning(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "there is no such key"
    if fault["type"] == "literal_error" and fault["loc"][0] == "attributes":
        return f"is of an unknown kind; the kinds are {', '.join(ATTRIBUTE_KINDS)}"
    if fault["type"] == "string_type":
        return "must be a text; YAML reads words such as no, yes and on as true or false, so put it in quotes"
    return str(fault["msg"])
