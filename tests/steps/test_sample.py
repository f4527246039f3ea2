"""A sample world never mixes with another one."""

from datetime import date
from pathlib import Path

import pytest

from c360.core.errors import ConfigurationError
from c360.core.settings import Settings
from c360.sample.truth import Request
from c360.steps.sample import sample

UNTIL = date(2026, 7, 1)


def test_another_world_is_not_landed_beside_one_in_the_lake(tmp_path: Path) -> None:
    """Before a run the world may change; after it the same one may be written again, another one not."""
    settings = Settings(data_dir=tmp_path)
    sample(settings, Request(60, 7, UNTIL, 2))
    sample(settings, Request(50, 7, UNTIL, 2))
    settings.lake_dir.mkdir()
    sample(settings, Request(50, 7, UNTIL, 2))

    with pytest.raises(ConfigurationError, match="C360_DATA_DIR"):
        sample(settings, Request(50, 8, UNTIL, 2))


def test_the_same_world_is_kept(tmp_path: Path) -> None:
    """Asked for the same world again it writes nothing, unless a landed file has gone."""
    settings = Settings(data_dir=tmp_path)
    first = sample(settings, Request(60, 7, UNTIL, 2))
    landed = sorted((tmp_path / "landing").rglob("*.*"))
    written = [path.stat().st_mtime_ns for path in landed]
    again = sample(settings, Request(60, 7, UNTIL, 2))

    assert len(landed) > 20
    assert first == again
    assert [path.stat().st_mtime_ns for path in landed] == written
    landed[0].unlink()
    assert sample(settings, Request(60, 7, UNTIL, 2)) == first
    assert landed[0].exists()
