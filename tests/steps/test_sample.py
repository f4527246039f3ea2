"""A sample world never mixes with another one."""

from datetime import date
from pathlib import Path

import pytest

from c360.core.errors import ConfigurationError
from c360.core.settings import Settings
from c360.steps.sample import sample

UNTIL = date(2026, 7, 1)


def test_another_world_is_not_landed_beside_one_in_the_lake(tmp_path: Path) -> None:
    """Before a run the world may change; after it the same one may be written again, another one not."""
    settings = Settings(data_dir=tmp_path)
    sample(settings, 60, 7, until=UNTIL)
    sample(settings, 50, 7, until=UNTIL)
    settings.lake_dir.mkdir()
    sample(settings, 50, 7, until=UNTIL)

    with pytest.raises(ConfigurationError, match="C360_DATA_DIR"):
        sample(settings, 50, 8, until=UNTIL)
