"""Estimators as bytes, in the format of skops, which runs no code when it is opened.

skops names the parts of a file by memory address and stamps them with the time. Both are replaced here, so that the
same estimator is the same bytes.
"""

import io
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZipFile, ZipInfo

from c360.core.errors import C360Error, ConfigurationError
from ml.model import Classifier

_SCHEMA = "schema.json"


def to_bytes(estimator: Classifier, trusted_types: tuple[str, ...]) -> bytes:
    """The bytes of `estimator`.

    Raises:
        ConfigurationError: it holds a type that opening it would refuse.
    """
    with _skops() as skops_io:
        content: bytes = skops_io.dumps(estimator)
        untrusted = set(skops_io.get_untrusted_types(data=content))
    unknown = sorted(untrusted - set(trusted_types))
    if unknown:
        raise ConfigurationError(
            f"The estimator holds types that nobody has declared trusted: {', '.join(unknown)}. Review them, then name "
            "them in `trusted_types` of the model, or build the estimator without them."
        )
    return _stable(content)


def open_estimator(path: Path, trusted_types: tuple[str, ...]) -> Classifier:
    """The estimator in the file at `path`.

    Raises:
        C360Error: the file holds a type outside `trusted_types` and those that skops trusts by itself.
    """
    with _skops() as skops_io:
        unknown = sorted(set(skops_io.get_untrusted_types(file=path)) - set(trusted_types))
        if unknown:
            raise C360Error(
                f"{path} was not opened: it holds types that are not trusted: {', '.join(unknown)}. If the model was "
                "changed, delete the folder and train again; otherwise find out who wrote the file."
            )
        estimator: Classifier = skops_io.load(path, trusted=list(trusted_types))
    return estimator


@contextmanager
def _skops() -> Iterator[ModuleType]:
    """skops.io without warnings: it looks names up in every loaded module, and Airflow's deprecated ones then warn."""
    with warnings.catch_warnings(action="ignore"):
        import skops.io

        yield skops.io


def _stable(content: bytes) -> bytes:
    with ZipFile(io.BytesIO(content)) as source:
        schema = json.loads(source.read(_SCHEMA))
        parts = {old: source.read(old) for old in _rename_files(schema)}
    _renumber(schema)
    target = io.BytesIO()
    with ZipFile(target, "w") as archive:
        for number, old in enumerate(parts):
            archive.writestr(ZipInfo(_part_name(number, old)), parts[old])
        archive.writestr(ZipInfo(_SCHEMA), json.dumps(schema, indent=2))
    return target.getvalue()


def _rename_files(schema: dict[str, Any]) -> list[str]:
    """Name every part by its place in the schema; the former names, in that order, are returned."""
    numbers: dict[str, int] = {}
    for node in _nodes(schema):
        if isinstance(old := node.get("file"), str):
            node["file"] = _part_name(numbers.setdefault(old, len(numbers)), old)
    return list(numbers)


def _part_name(number: int, old: str) -> str:
    return f"part_{number}{Path(old).suffix}"


def _renumber(schema: dict[str, Any]) -> None:
    numbers: dict[int, int] = {}
    for node in _nodes(schema):
        if "__id__" in node:
            node["__id__"] = numbers.setdefault(node["__id__"], len(numbers) + 1)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    if isinstance(tree, dict | list):
        for branch in tree.values() if isinstance(tree, dict) else tree:
            yield from _nodes(branch)
