"""The logic of staging models, proved by dbt's unit tests on rows written beside them."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from c360.core.run import RunContext
from c360.core.settings import PROJECT_DIR
from c360.sources.contracts.contract import FEEDS
from c360.steps.build import dbt_command

STAGING_DIR = PROJECT_DIR / "dbt_project" / "models" / "staging"
SOURCES = ("consents", "email", "ga4", "salesforce", "segment", "shopify", "surveys")
"""Whose staging models hold more than renaming."""


def test_every_unit_test_of_staging_holds(make_world: Callable[..., RunContext], tmp_path: Path) -> None:
    """Nested JSON, renamed events, refunds, deletions and contradictions come out as written beside the models."""
    run = make_world(tmp_path / "data", {})
    selected = [f"path:models/staging/{source}" for source in SOURCES]
    command, environment = dbt_command(run, ["test", "--select", *selected, "--resource-type", "unit_test"])
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    passed = re.search(r"PASS=(\d+)", done.stdout)

    assert done.returncode == 0, done.stdout
    assert passed
    assert int(passed.group(1)) >= 10


def test_every_feed_has_a_view_of_mapped_tables() -> None:
    """Whatever feed a contract maps, there is a model that reads the mapping."""
    assert {path.stem for path in (STAGING_DIR / "mapped").glob("*.sql")} == {f"stg_mapped__{feed}" for feed in FEEDS}
