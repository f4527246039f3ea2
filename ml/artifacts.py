"""Artifacts: `<artifacts>/<model>/<as_of>/` holds `model.skops` and `card.json`, and only of models that may be used.

The digest in the card tells an estimator that was damaged or exchanged. The card itself is not signed: who can write
both files can exchange both, and then the list of trusted types is what keeps code from running.
"""

import json
import platform
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from c360.core.errors import C360Error
from c360.privacy.hashing import file_digest
from ml.evaluate import Evaluation
from ml.model import Classifier, Model
from ml.skops_file import open_estimator, to_bytes
from ml.train import Training

_ESTIMATOR_FILE = "model.skops"
_CARD_FILE = "card.json"
_LIBRARIES = ("numpy", "pandas", "scikit-learn", "scipy", "skops")


@dataclass(frozen=True)
class Card:
    """What an artifact was made from: enough to explain its scores and to make it again."""

    model_name: str
    trained_as_of: str
    features: tuple[str, ...]
    parameters: dict[str, str]
    versions: dict[str, str]
    data: dict[str, Any]
    metrics: dict[str, dict[str, float | None]]
    sha256: str


def save_artifact(artifacts_dir: Path, training: Training, as_of: date) -> None:
    """Write what `training` gave for `as_of`, in place of an earlier artifact of that day.

    A training whose model may not be used leaves no artifact. The folder appears whole or not at all.

    Raises:
        ConfigurationError: the estimator holds a type that the model does not declare trusted.
    """
    folder = _folder(artifacts_dir, training.model.name, as_of)
    folder.parent.mkdir(parents=True, exist_ok=True)
    if training.estimator is None:
        _remove(folder)
        return
    draft = _hidden(folder, "draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    (draft / _ESTIMATOR_FILE).write_bytes(to_bytes(training.estimator, training.model.trusted_types))
    card = _describe(training, training.estimator, as_of, file_digest(draft / _ESTIMATOR_FILE))
    (draft / _CARD_FILE).write_text(json.dumps(asdict(card), indent=2) + "\n", encoding="utf-8")
    _remove(folder)
    draft.rename(folder)


def newest_trained_date(artifacts_dir: Path, model: Model, as_of: date) -> date | None:
    """The newest day up to `as_of` with an artifact that sees the columns of `model` as it is written now.

    Raises:
        C360Error: a card cannot be read.
    """
    for day in sorted(_trained_dates(artifacts_dir / model.name), reverse=True):
        if day <= as_of and read_card(artifacts_dir, model.name, day).features == model.columns:
            return day
    return None


def read_card(artifacts_dir: Path, model_name: str, trained_as_of: date) -> Card:
    """The card of an artifact.

    Raises:
        C360Error: it is missing or is not a card.
    """
    path = _folder(artifacts_dir, model_name, trained_as_of) / _CARD_FILE
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return Card(**{**fields, "features": tuple(fields["features"])})
    except (OSError, ValueError, KeyError, TypeError):
        raise C360Error(
            f"{path} is missing or is not a model card. Delete {path.parent} and train again for {trained_as_of}."
        ) from None


def load_estimator(artifacts_dir: Path, model: Model, trained_as_of: date) -> Classifier:
    """The estimator of an artifact, opened only when its bytes are those that were written.

    Raises:
        C360Error: the file is missing, was changed, or holds a type that is not trusted.
    """
    path = _folder(artifacts_dir, model.name, trained_as_of) / _ESTIMATOR_FILE
    expected = read_card(artifacts_dir, model.name, trained_as_of).sha256
    if not path.exists() or file_digest(path) != expected:
        raise C360Error(
            f"{path} is missing or is not the file its card describes: damaged, or exchanged since it was written. It "
            f"was not opened. Find out who writes to that folder, delete it, and train again for {trained_as_of}."
        )
    return open_estimator(path, model.trusted_types)


def _folder(artifacts_dir: Path, model_name: str, as_of: date) -> Path:
    return artifacts_dir / model_name / as_of.isoformat()


def _hidden(folder: Path, purpose: str) -> Path:
    return folder.with_name(f".{folder.name}.{purpose}")


def _remove(folder: Path) -> None:
    """Take a folder out of sight in one act, then delete it."""
    retired = _hidden(folder, "retired")
    shutil.rmtree(retired, ignore_errors=True)
    if folder.exists():
        folder.rename(retired)
        shutil.rmtree(retired)


def _trained_dates(folder: Path) -> list[date]:
    return [date.fromisoformat(path.name) for path in folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]")]


def _describe(training: Training, estimator: Classifier, as_of: date, sha256: str) -> Card:
    return Card(
        model_name=training.model.name,
        trained_as_of=as_of.isoformat(),
        features=training.model.columns,
        parameters=_parameters(estimator),
        versions={"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}},
        data=_data(training, training.evaluation),
        metrics={
            metric.name: {"model": metric.model_value, "baseline": metric.baseline_value}
            for metric in training.evaluation.metrics
        },
        sha256=sha256,
    )


def _parameters(estimator: Classifier) -> dict[str, str]:
    """Every plain parameter as text; `nan` is a parameter too and JSON has no word for it."""
    parameters = sorted(estimator.get_params(deep=True).items())
    return {name: str(value) for name, value in parameters if isinstance(value, bool | int | float | str | None)}


def _data(training: Training, evaluation: Evaluation) -> dict[str, Any]:
    return {
        "horizon_days": training.model.label.horizon_days,
        "tested_on": str(evaluation.test_cutoff),
        "test_row_count": evaluation.test_row_count,
        "evaluated_from_row_count": evaluation.train_row_count,
        "fitted_on": [day.isoformat() for day in training.cutoffs],
        "fitted_row_count": training.row_count,
    }
