"""An audience file: who should be reached, why, where, and on what permission."""

import re
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from c360.core.errors import ConfigurationError

Purpose = Literal["ad_user_data", "ad_personalization", "email_marketing"]

SENSITIVE_STEMS = (
    "abortion", "addict", "alcohol", "bankrupt", "biometric", "cancer", "catholic", "children", "christian",
    "crime", "criminal", "debt", "depress", "diabet", "disab", "disease", "divorc", "ethnic", "gambl", "gay",
    "genetic", "health", "homosexual", "hindu", "illness", "islam", "jewish", "lesbian", "medical", "medicine",
    "muslim", "patient", "politic", "pregnan", "racial", "religi", "sexual", "transgender", "unemploy",
)  # fmt: skip
"""How words of the categories begin that every platform forbids to target (reference: Google Ads policy 6299717)."""

_HOW_TO = "docs/adding-an-audience.md shows a working file."


class AudienceDefinition(BaseModel):
    """One audience as its file declares it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)]
    """The file's stem, read as `<who>_<state>`."""
    description: Annotated[str, Field(min_length=10)]
    """Who these people are, for whoever reads the platform's list."""
    owner: Annotated[str, Field(min_length=1)]
    """The team that answers for it."""
    use: Literal["retargeting", "lookalike_seed"]
    """What the platform does with it."""
    where: Annotated[str, Field(min_length=1)]
    """One condition over the columns of `customer_360` and `<model>_probability`."""
    purposes: Annotated[list[Purpose], Field(min_length=1)]
    """What a person must have granted the destination. All of them, or the person is left out."""
    destinations: Annotated[list[str], Field(min_length=1)]
    """Where its members go."""
    holdout_rate: Annotated[float, Field(ge=0, lt=1)]
    """The share of people kept back to measure what reaching the others changes."""


def load_audiences(audiences_dir: Path) -> list[AudienceDefinition]:
    """Read every audience of a folder, by name.

    Raises:
        ConfigurationError: the folder is missing, or a file in it is not a valid audience.
    """
    if not audiences_dir.is_dir():
        raise ConfigurationError(
            f"There is no folder {audiences_dir} to read audiences from. Create it or set C360_AUDIENCES_DIR; an empty "
            "folder means no audiences."
        )
    return [load_audience(path) for path in sorted(audiences_dir.glob("*.yml"))]


def load_audience(path: Path) -> AudienceDefinition:
    """Read one audience file.

    Raises:
        ConfigurationError: what is wrong in the file, where, and what to do.
    """
    audience = _parse(path)
    if audience.name != path.stem:
        raise _wrong(path, "name", f"is `{audience.name}` but the file is called {path.name}; make them the same")
    for field, entries in (("purposes", audience.purposes), ("destinations", audience.destinations)):
        if len(set(entries)) < len(entries):
            raise _wrong(path, field, "names something twice; name it once")
    _refuse_sensitive_words(path, audience)
    return audience


def _parse(path: Path) -> AudienceDefinition:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "the file"
        raise _wrong(path, place, "is not YAML in UTF-8; check indentation, quotes and colons") from None
    if not isinstance(content, dict):
        raise _wrong(path, "the file", "is not a list of `field: value` lines")
    try:
        return AudienceDefinition.model_validate(content)
    except ValidationError as error:
        faults = "; ".join(f"{_place(fault['loc'])} {_what(fault['type'], fault['msg'])}" for fault in error.errors())
        raise ConfigurationError(f"{path}: {faults}. {_HOW_TO}") from None


def _place(location: tuple[int | str, ...]) -> str:
    return "`" + ".".join(str(part) for part in location) + "`"


def _what(kind: str, message: str) -> str:
    known = {"missing": "is missing", "extra_forbidden": "is not a field of an audience"}
    return known.get(kind, f"is wrong: {message[0].lower()}{message[1:]}")


def _refuse_sensitive_words(path: Path, audience: AudienceDefinition) -> None:
    for field, text in (("name", audience.name), ("description", audience.description)):
        for word in re.findall(r"[a-z]+", text.lower()):
            if word.startswith(SENSITIVE_STEMS):
                raise _wrong(
                    path,
                    field,
                    f"says `{word}`. Platforms forbid audiences about health, belief, politics, origin, sexuality, "
                    "hardship, crime or children, and inspect names and descriptions. If the audience is about one of "
                    "these, delete it; if it is not, use another word",
                )


def _wrong(path: Path, field: str, fault: str) -> ConfigurationError:
    return ConfigurationError(f"{path}: `{field}` {fault}. {_HOW_TO}")
