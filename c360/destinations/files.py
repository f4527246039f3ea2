"""The files of a dry run: payloads and a manifest per audience, visible only when all of them are whole."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from c360.destinations.batches import Prepared
from c360.destinations.destination import Json
from c360.privacy.hashing import file_digest

MANIFEST = "manifest.json"


def start_folder(target: Path) -> Path:
    """Make the empty folder in which what will become `target` is written. Digests are personal data: owner only."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)
    return unfinished


def write_audience(folder: Path, prepared: Prepared, facts: Mapping[str, Json]) -> None:
    """Write the batches of one audience and its manifest: `facts`, then each batch with its size and digest."""
    folder.mkdir()
    batches = []
    for batch in prepared.batches:
        _write(folder / batch.file_name, batch.body)
        digest = file_digest(folder / batch.file_name)
        batches.append({"file": batch.file_name, "member_count": len(batch.customer_ids), "sha256": digest})
    _write(folder / MANIFEST, {**facts, "batches": batches})


def swap_in(unfinished: Path, target: Path) -> None:
    """Give `unfinished` its final name, in place of an older `target`. The same files again change nothing."""
    replaced = target.with_name(f".{target.name}.replaced")
    shutil.rmtree(replaced, ignore_errors=True)
    if target.exists() and _contents(target) == _contents(unfinished):
        shutil.rmtree(unfinished)
        return
    if target.exists():
        target.rename(replaced)
    unfinished.rename(target)
    shutil.rmtree(replaced, ignore_errors=True)


def _write(path: Path, content: Json) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): file_digest(path) for path in folder.rglob("*") if path.is_file()}
