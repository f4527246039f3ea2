"""A small sample world, landed once."""

import pytest
from sample.landed import Landed, land


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Landed:
    """A sample world large enough to find what was planted in it; tests only read it."""
    return land(tmp_path_factory.mktemp("town"), customers=4000)


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Landed:
    """A sample world that tests only read."""
    return land(tmp_path_factory.mktemp("sample"))
