"""A lake made by hand, so that dbt can be tried on rows whose right answer is known."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from c360.core.run import RunContext
from c360.core.settings import PROJECT_DIR, Settings
from c360.core.warehouse import Warehouse, open_warehouse
from c360.sources.contracts.contract import Table
from c360.sources.contracts.lake_columns import lake_columns
from c360.sources.contracts.loading import load_contracts
from c360.sources.lake.ledger import write_freshness, write_ledger
from c360.sources.lake.private_engine import private_engine

VIEW_COLUMNS = {"_is_current": True, "_has_key_conflict": False}
"""What the lake's views say about a row beside its own columns."""

Rows = list[dict[str, Any]]
MakeWorld = Callable[[Path, dict[str, Rows]], RunContext]


@pytest.fixture(scope="session")
def make_world() -> MakeWorld:
    """Make a data directory whose lake holds, typed, every table of every contract in the repository."""
    return _make_world


def _make_world(data_dir: Path, tables: dict[str, Rows]) -> RunContext:
    settings = Settings(data_dir=data_dir, contracts_dir=_every_contract(data_dir / "contracts"), warehouse_threads=1)
    with open_warehouse(settings) as warehouse, private_engine(settings) as engine:
        write_ledger(warehouse, engine, [])
        write_freshness(warehouse, [])
        for contract in load_contracts(settings.contracts_dir):
            for name, table in contract.tables.items():
                _create(warehouse, f"lake.{contract.source}__{name}", table)
        for name, rows in tables.items():
            for row in rows:
                _insert(warehouse, f"lake.{name}", row)
    return RunContext(as_of=date(2026, 7, 1), run_id="test", settings=settings)


def _every_contract(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for path in [*PROJECT_DIR.glob("contracts/*.yml"), *PROJECT_DIR.glob("examples/*/contracts/*.yml")]:
        shutil.copy(path, folder)
    return folder


def _create(warehouse: Warehouse, name: str, table: Table) -> None:
    """Make a table in place of the lake's view, whose rows are current unless a test says otherwise."""
    columns = [f"{column} {sql_type}" for column, sql_type in lake_columns(table).items() if column not in VIEW_COLUMNS]
    columns += [f"{column} boolean default {value}" for column, value in VIEW_COLUMNS.items()]
    warehouse.execute(f"create table {name} ({', '.join(columns)})")


def _insert(warehouse: Warehouse, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" for _ in row)
    warehouse.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))
