"""What matching learned, kept between runs: until somebody trains again, a full run and a day's run judge alike."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from c360.identity.matching import MatchModel


def read_model(identity_dir: Path) -> "MatchModel | None":
    """The model of earlier runs; None before the first."""
    from c360.identity.matching import MatchModel

    folder = _folder(identity_dir)
    return MatchModel.load(folder) if folder.exists() else None


def write_model(identity_dir: Path, model: "MatchModel") -> None:
    """Put a model in the place of the one before, whole or not at all."""
    folder = _folder(identity_dir)
    part, old = folder.with_name(".model.part"), folder.with_name(".model.old")
    for left_behind in (part, old):
        shutil.rmtree(left_behind, ignore_errors=True)
    part.mkdir(parents=True)
    model.save(part)
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _folder(identity_dir: Path) -> Path:
    return identity_dir / "model"
