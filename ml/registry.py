"""Finds models by name: a model is a file in `ml/models/` that exposes `MODEL`."""

from importlib import import_module
from pathlib import Path

from c360.core.errors import ConfigurationError
from ml.model import Model

_MODELS_DIR = Path(__file__).parent / "models"


def model_names() -> list[str]:
    """The name of every model."""
    return sorted(path.stem for path in _MODELS_DIR.glob("*.py") if not path.stem.startswith("_"))


def find_model(name: str) -> Model:
    """The model called `name`.

    Raises:
        ConfigurationError: no file has that name, or it does not expose a `MODEL` of that name.
    """
    known = model_names()
    if name not in known:
        raise ConfigurationError(
            f"There is no model `{name}`: ml/models/{name}.py is missing. Known models: {', '.join(known)}. "
            "docs/adding-a-model.md shows the file to write."
        )
    found = getattr(import_module(f"ml.models.{name}"), "MODEL", None)
    if not isinstance(found, Model) or found.name != name:
        raise ConfigurationError(f'ml/models/{name}.py must expose `MODEL = Model(name="{name}", ...)`.')
    return found
