"""What a platform promises and demands, as data: `spec.yml` in the destination's folder."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from c360.core.errors import ConfigurationError
from c360.privacy.hashing import sha256_base64, sha256_hex

_ROOM = Path(__file__).parent


class FieldSpec(BaseModel):
    """One field of a member."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    """What the platform calls it."""
    hash: Literal["sha256-hex", "sha256-base64", "none"]
    """How its normal form is sent; `none` means plain."""
    required: bool
    """Whether a member without it is refused."""
    rule: str
    """The platform's normal form, in a few words."""
    source: str
    """Where the platform says so."""

    def seal(self, value: str) -> str:
        """Return `value` as it may leave: its digest, or itself where the platform wants it plain."""
        if self.hash == "none":
            return value
        return sha256_hex(value) if self.hash == "sha256-hex" else sha256_base64(value)


class Limits(BaseModel):
    """What the platform accepts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    members_per_request: Annotated[int, Field(ge=1)]
    """People in one request."""
    smallest_audience: Annotated[int, Field(ge=0)]
    """Matched people below which the platform does not use a list."""
    source: str
    """Where the platform says so."""


class Choice(BaseModel):
    """A rule on which the platform's own sources disagree, and what c360 does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    chosen: str
    because: str


class Spec(BaseModel):
    """One platform."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    api_version: str
    as_of: date
    """The day the rules were written down here; a page they come from may have been read earlier."""
    endpoint: str
    """Where a payload would be sent, with placeholders in angle brackets."""
    required_purposes: Annotated[list[str], Field(min_length=1)]
    """What a person must have granted the platform before it may learn of them."""
    needs_one_of: Annotated[list[str], Field(min_length=1)]
    """A person without any of these fields is refused."""
    limits: Limits
    fields: Annotated[dict[str, FieldSpec], Field(min_length=1)]
    """By the name that `identifiers.py` gives them."""
    choices: list[Choice] = []
    sources: Annotated[list[str], Field(min_length=1)]

    @property
    def version(self) -> str:
        """The rules a payload was made by: `v1, rules of 2026-11-22`."""
        return f"{self.api_version}, rules of {self.as_of.isoformat()}"


def load_spec(name: str) -> Spec:
    """Read `c360/destinations/<name>/spec.yml`.

    Raises:
        ConfigurationError: the file is missing or incomplete.
    """
    path = _ROOM / name / "spec.yml"
    if not path.exists():
        raise ConfigurationError(f"{path} is missing. docs/adding-a-destination.md shows what it holds.")
    try:
        return Spec.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        places = ", ".join("`" + ".".join(str(part) for part in fault["loc"]) + "`" for fault in error.errors())
        raise ConfigurationError(
            f"{path}: {places} missing or wrong. docs/adding-a-destination.md shows them."
        ) from None
