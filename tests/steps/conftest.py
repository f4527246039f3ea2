"""A shop that delivers files, and what a run prints about them."""

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from world import TILL, World

from c360.core.log import configure_log


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A shop whose tills deliver CSV files."""
    world = World(tmp_path)
    world.promise(TILL)
    return world


@pytest.fixture
def printed(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Everything written to the terminal, log included."""
    log = io.StringIO()
    with monkeypatch.context() as redirected:
        redirected.setattr(sys, "stderr", log)
        configure_log(verbose=True)
    yield lambda: log.getvalue() + "".join(capfd.readouterr())
    structlog.reset_defaults()
