"""Export files appear whole or not at all."""

import json
import stat
from pathlib import Path

from c360.destinations.batches import Batch, Prepared
from c360.destinations.files import start_folder, swap_in, write_audience
from c360.privacy.hashing import file_digest


def write(target: Path, body: object) -> None:
    """Write an export of one batch and give it its name."""
    unfinished = start_folder(target)
    write_audience(unfinished / "a", Prepared((Batch("batch_0001.json", body, ("c_1",)),), {}, {}), {"audience": "a"})
    swap_in(unfinished, target)


def test_the_manifest_names_each_payload_and_its_digest(tmp_path: Path) -> None:
    """A reader can check that a payload is the one that was written."""
    write(tmp_path / "meta", {"n": 1})
    manifest = json.loads((tmp_path / "meta/a/manifest.json").read_text(encoding="utf-8"))

    assert manifest == {
        "audience": "a",
        "batches": [
            {
                "file": "batch_0001.json",
                "member_count": 1,
                "sha256": file_digest(tmp_path / "meta/a/batch_0001.json"),
            }
        ],
    }


def test_a_new_export_replaces_the_old_one_whole(tmp_path: Path) -> None:
    """No file of the older export stays, and no folder is left beside."""
    write(tmp_path / "meta", {"n": 1})
    (tmp_path / "meta/a/batch_0002.json").write_text("old", encoding="utf-8")
    write(tmp_path / "meta", {"n": 2})

    assert sorted(path.name for path in (tmp_path / "meta/a").iterdir()) == ["batch_0001.json", "manifest.json"]
    assert json.loads((tmp_path / "meta/a/batch_0001.json").read_text(encoding="utf-8")) == {"n": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["meta"]


def test_the_same_export_again_touches_nothing(tmp_path: Path) -> None:
    """Identical files keep their place and their time."""
    write(tmp_path / "meta", {"n": 1})
    before = (tmp_path / "meta/a/batch_0001.json").stat()
    write(tmp_path / "meta", {"n": 1})
    after = (tmp_path / "meta/a/batch_0001.json").stat()

    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert [path.name for path in tmp_path.iterdir()] == ["meta"]


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    """Half-written folders never reach the final name, and the next run removes them."""
    start_folder(tmp_path / "meta").joinpath("half").write_text("x", encoding="utf-8")
    (tmp_path / ".meta.replaced").mkdir()

    assert not (tmp_path / "meta").exists()
    write(tmp_path / "meta", {"n": 1})
    assert [path.name for path in tmp_path.iterdir()] == ["meta"]
    assert [path.name for path in (tmp_path / "meta").iterdir()] == ["a"]


def test_payloads_are_for_their_owner_only(tmp_path: Path) -> None:
    """Digests of e-mails and phones are personal data: nobody else on the machine may read them."""
    swap_in(start_folder(tmp_path / "meta"), tmp_path / "meta")

    assert stat.S_IMODE((tmp_path / "meta").stat().st_mode) == 0o700
