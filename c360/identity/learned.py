"""What identity learned from the data, kept between runs: until somebody trains again, all runs judge alike."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from c360.core.errors import C360Error
from c360.identity.limits.names import FirstNames
from c360.identity.matching import MatchModel
from c360.identity.rules import AttributeKind, Rules

_ABOUT = "learned.json"
_MATCHING = "matching"


@dataclass(frozen=True)
class Learned:
    """What records of one table taught.

    compared: the attributes that matching compared, with their kinds. first_names: pairs that may be one person's.
    matching: what agreeing tells; None where nothing is compared.
    """

    compared: dict[str, AttributeKind]
    first_names: tuple[tuple[str, str], ...]
    matching: MatchModel | None

    def fits(self, rules: Rules) -> bool:
        """Whether it was learned from the attributes that the rules compare."""
        return self.compared == rules.compared

    @property
    def names(self) -> FirstNames:
        """The judge of first names who knows what was learned."""
        return FirstNames(self.first_names)


def read_learned(identity_dir: Path) -> Learned | None:
    """What earlier runs learned; None before the first.

    Raises:
        C360Error: the folder does not hold all of it.
    """
    folder = _folder(identity_dir)
    if not folder.exists():
        return None
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        compared = dict(about["compared"])
        first_names = tuple((left, right) for left, right in about["first_names"])
    except (OSError, ValueError, TypeError, KeyError):
        raise C360Error(f"{folder} does not hold what was learned. Run: c360 identity train") from None
    return Learned(compared, first_names, MatchModel.load(folder / _MATCHING) if compared else None)


def write_learned(identity_dir: Path, learned: Learned) -> None:
    """Put what was learned in the place of what was learned before, whole or not at all."""
    folder = _folder(identity_dir)
    part, old = folder.with_name(".learned.part"), folder.with_name(".learned.old")
    for left_behind in (part, old):
        shutil.rmtree(left_behind, ignore_errors=True)
    part.mkdir(parents=True)
    about = {"compared": learned.compared, "first_names": learned.first_names}
    (part / _ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    if learned.matching is not None:
        learned.matching.save(part / _MATCHING)
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _folder(identity_dir: Path) -> Path:
    return identity_dir / "learned"
