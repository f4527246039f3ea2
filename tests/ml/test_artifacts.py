import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from c360.core.errors import C360Error, ConfigurationError
from ml import artifacts
from ml.model import Model
from ml.score import probabilities
from ml.skops_file import to_bytes
from ml.train import Training, train_model

AS_OF = date(2026, 7, 1)


@pytest.fixture(scope="module")
def training(churn: Model, rows: pd.DataFrame) -> Training:
    """A training that won."""
    return train_model(churn, rows)


@pytest.fixture
def saved(tmp_path: Path, training: Training) -> Path:
    """The folder of its artifact."""
    artifacts.save_artifact(tmp_path, training, AS_OF)
    return tmp_path / "churn" / AS_OF.isoformat()


def test_an_artifact_scores_as_the_estimator_it_was_made_from(
    tmp_path: Path, saved: Path, churn: Model, training: Training, rows: pd.DataFrame
) -> None:
    """Written and read again, an estimator gives the same probabilities to the last bit."""
    loaded = artifacts.load_estimator(tmp_path, churn, AS_OF)
    seen = rows[list(churn.columns)]
    assert (probabilities(loaded, seen) == probabilities(training.estimator, seen)).all()


def test_the_card_tells_what_the_artifact_was_made_from(tmp_path: Path, saved: Path, churn: Model) -> None:
    """Columns, parameters, versions, rows, cut-offs and metrics are in the card, in plain JSON."""
    card = json.loads((saved / "card.json").read_text(), parse_constant=pytest.fail)
    assert tuple(card["features"]) == churn.columns
    assert card["parameters"]["logisticregression__max_iter"] == "1000"
    assert {"python", "scikit-learn", "skops"} <= set(card["versions"])
    assert card["data"]["tested_on"] == "2026-04-02"
    assert card["data"]["fitted_row_count"] == 600
    assert card["metrics"]["roc_auc"]["model"] > card["metrics"]["roc_auc"]["baseline"]


def test_writing_again_gives_the_same_bytes_and_no_leftovers(tmp_path: Path, saved: Path, training: Training) -> None:
    """A second run of the same day replaces the folder with the same files, past the draft of a run that was killed."""
    before = {path.name: path.read_bytes() for path in saved.iterdir()}
    draft = saved.with_name(f".{saved.name}.draft")
    draft.mkdir()
    (draft / "model.skops").write_bytes(b"half a fil")
    artifacts.save_artifact(tmp_path, training, AS_OF)
    assert {path.name: path.read_bytes() for path in saved.iterdir()} == before
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes() + b"x")]
)
def test_a_changed_estimator_is_not_opened(tmp_path: Path, saved: Path, churn: Model, monkeypatch, damage) -> None:
    """A missing or changed file ends in a clear error before anything reads it."""
    damage(saved / "model.skops")
    monkeypatch.setattr(artifacts, "open_estimator", lambda *_: pytest.fail("the file was opened"))
    with pytest.raises(C360Error, match="not the file its card describes"):
        artifacts.load_estimator(tmp_path, churn, AS_OF)


def test_a_type_that_is_not_trusted_is_not_opened(tmp_path: Path, saved: Path, churn: Model) -> None:
    """With a digest that fits, a type outside the model's list still stops the opening."""
    path = saved / "model.skops"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["schema.json"] = parts["schema.json"].replace(b'"StandardScaler"', b'"Intruder"')
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    card = json.loads((saved / "card.json").read_text())
    (saved / "card.json").write_text(json.dumps({**card, "sha256": artifacts.file_digest(path)}))
    with pytest.raises(C360Error, match="Intruder"):
        artifacts.load_estimator(tmp_path, churn, AS_OF)


def test_an_estimator_of_undeclared_types_is_not_written(training: Training) -> None:
    """What could not be opened later is refused when it is written, with the types to review."""
    with pytest.raises(ConfigurationError, match=r"numpy\.dtype"):
        to_bytes(training.estimator, trusted_types=())


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"features": []}'])
def test_a_card_that_is_none_says_what_to_do(tmp_path: Path, saved: Path, churn: Model, content: str) -> None:
    """A damaged card ends in an error that names the file and the way out."""
    (saved / "card.json").write_text(content)
    with pytest.raises(C360Error, match=r"not a model card\. Delete"):
        artifacts.newest_trained_date(tmp_path, churn, AS_OF)


def test_the_newest_artifact_of_the_same_columns_up_to_the_day_is_found(
    tmp_path: Path, saved: Path, churn: Model, training: Training
) -> None:
    """Artifacts from later days, or made for other columns, are not used."""
    week = timedelta(days=7)
    older = Training(**{**vars(training), "model": replace(churn, features={"ftr_customers__rfm": churn.columns[:9]})})
    artifacts.save_artifact(tmp_path, training, AS_OF - 2 * week)
    artifacts.save_artifact(tmp_path, older, AS_OF - week)
    assert artifacts.newest_trained_date(tmp_path, churn, AS_OF + week) == AS_OF
    assert artifacts.newest_trained_date(tmp_path, churn, AS_OF - week) == AS_OF - 2 * week
    assert artifacts.newest_trained_date(tmp_path, churn, AS_OF - 3 * week) is None


def test_a_refused_training_takes_back_the_artifact_of_its_day(
    tmp_path: Path, saved: Path, churn: Model, training: Training
) -> None:
    """When the data of a day turn out not to carry the model, a second run leaves no artifact of that day."""
    artifacts.save_artifact(tmp_path, replace(training, estimator=None), AS_OF)
    assert not saved.exists()
    assert list(saved.parent.iterdir()) == []
