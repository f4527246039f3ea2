import re
from pathlib import Path

import pytest

import ml.models
from c360.core.errors import ConfigurationError
from c360.core.settings import PROJECT_DIR
from ml import registry

GUIDE = PROJECT_DIR / "docs" / "adding-a-model.md"


@pytest.fixture
def models_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in place of `ml/models/`."""
    monkeypatch.setattr(registry, "_MODELS_DIR", tmp_path)
    monkeypatch.setattr(ml.models, "__path__", [str(tmp_path)])
    return tmp_path


def test_every_model_file_is_found_under_its_own_name() -> None:
    """Each file in ml/models/ gives one model that is named as the file."""
    names = registry.model_names()
    assert "churn" in names
    assert [registry.find_model(name).name for name in names] == names


@pytest.mark.parametrize("name", ["chrun", "", "__init__", "../models/churn", "churn.py"])
def test_an_unknown_model_is_named_with_those_that_exist(name: str) -> None:
    """An unknown name ends in a configuration error that lists the known models."""
    with pytest.raises(ConfigurationError, match=r"Known models: .*churn"):
        registry.find_model(name)


@pytest.mark.parametrize("content", ["", "MODEL = 'churn'", "from ml.models_elsewhere import MODEL"])
def test_a_file_without_a_model_of_its_name_is_refused(models_dir: Path, content: str) -> None:
    """A model file must expose a MODEL; an import that fails inside it is not taken for an unknown model."""
    name = f"unfinished_{len(content)}"
    (models_dir / f"{name}.py").write_text(content)
    with pytest.raises((ConfigurationError, ModuleNotFoundError), match=f"{name}.py must expose|models_elsewhere"):
        registry.find_model(name)


def test_the_file_in_the_guide_is_a_model(models_dir: Path) -> None:
    """The file that docs/adding-a-model.md tells to write is found by its name as it stands."""
    found = re.search(r"`ml/models/(\w+)\.py`:\n\n```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert found
    name, content = found.groups()
    (models_dir / f"{name}.py").write_text(content)
    assert registry.find_model(name).name == name
