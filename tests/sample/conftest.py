"""A small sample world, landed once."""

import pytest
from sample.landed import Landed, land


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Landed:
    """A sample world that tests only read."""
    return land(tmp_path_factory.mktemp("sample"))
