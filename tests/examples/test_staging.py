"""The example's contracts and staging models on a handful of rows; no data set is needed."""

import subprocess
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from c360.core.run import RunContext
from c360.core.settings import PROJECT_DIR, Settings
from c360.core.warehouse import open_warehouse
from c360.sources.contracts.contract import Table
from c360.sources.contracts.loading import load_contract
from c360.steps.build import dbt_command
from c360.steps.ingest import ingest

CONTRACTS_DIR = PROJECT_DIR / "examples" / "real_retail" / "contracts"
SOURCES = ("complete_journey", "online_retail")
VALUES = {"string": "1", "integer": 1, "decimal": 1.5, "date": date(2017, 1, 2), "timestamp": date(2017, 1, 2)}
UNIT_TEST_COUNT = 4


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> RunContext:
    """A run over stores that sold one thing once; the web shop's file was never given."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("stores"), contracts_dir=CONTRACTS_DIR, warehouse_threads=1)
    folder = settings.landing_dir / "complete_journey"
    folder.mkdir(parents=True)
    for name, table in load_contract(CONTRACTS_DIR / "complete_journey.yml").tables.items():
        pq.write_table(pa.table(_one_row(table)), folder / f"{name}_2018-01-02.parquet")
    run = RunContext(date(2018, 1, 2), "test", settings)
    ingest(run)
    return run


def _one_row(table: Table) -> dict[str, list[Any]]:
    return {name: [VALUES[column.type]] for name, column in table.columns.items()}


@pytest.fixture(scope="module")
def built(stores: RunContext) -> subprocess.CompletedProcess[str]:
    """What dbt said while it built the example's staging models and ran their unit and data tests."""
    selected = [f"path:models/staging/{source}" for source in SOURCES]
    command, environment = dbt_command(stores, ["build", "--select", *selected, "--indirect-selection", "buildable"])
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_every_staging_model_holds(built: subprocess.CompletedProcess[str]) -> None:
    """The models build, and their data tests and the unit tests of their rules hold."""
    assert built.returncode == 0, built.stdout
    assert f"{UNIT_TEST_COUNT} unit tests" in built.stdout


def test_the_stores_alone_are_enough(stores: RunContext, built: subprocess.CompletedProcess[str]) -> None:
    """Without the web shop's file its table is there and empty."""
    with open_warehouse(stores.settings) as warehouse:
        assert warehouse.rows("select count(*) from staging.stg_complete_journey__order_lines") == [(1,)]
        assert warehouse.rows("select count(*) from staging.stg_online_retail__order_lines") == [(0,)]
