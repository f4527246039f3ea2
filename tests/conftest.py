"""The world the tests share: one small shop, run once from landing to report by the command line."""

import subprocess
from collections.abc import Iterator

import pytest
import structlog
from shop import AS_OF, Shop, land_small_shop


@pytest.fixture(autouse=True)
def _log_of_this_test_only() -> Iterator[None]:
    """The command line sends the log to standard error, which is closed when the test that called it is over."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def finished_shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shop, subprocess.CompletedProcess[str]]:
    """The small shop after one whole run, and what that run printed. Tests only read it."""
    shop = land_small_shop(tmp_path_factory.mktemp("finished_shop"))
    finished = shop.run("run", "--as-of", AS_OF)
    assert finished.returncode == 0, finished.stderr
    return shop, finished
