"""People whose records lie in a warehouse as dbt leaves them, for tests of what identity does with them."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.core.warehouse import open_warehouse
from c360.identity.decisions import append_decision, decide, decisions_path
from c360.identity.evidence import IDENTIFIERS_SCHEMA
from c360.steps.identify import Identification, identify

RULES = """
identifiers: {card: {}, email: {}, phone: {}}
attributes: {first_name: first_name, birth_date: birth_date}
matching: {is_on: false}
max_changed_share: 0.2
"""
RECORDS_SCHEMA = pa.schema([(name, pa.string()) for name in ("record_id", "source_name", "first_name", "birth_date")])
TABLES = ("clusters", "edges", "refused_merges", "bridges", "pairs", "log")
ANN, ANN_AGAIN, ANNS_CARD = "ann email:a", "ann_again email:a phone:1", "anns_card phone:1"
BEN, CY, DEE = "ben email:b card:5", "cy email:c", "dee email:d"
PEOPLE = [ANN, ANN_AGAIN, ANNS_CARD, BEN, CY, DEE]


def day(number: int) -> date:
    return date(2026, 7, number)


def tables_of(records: Sequence[str]) -> tuple[pa.Table, pa.Table]:
    """Records and identifiers; a record is its id and what it holds: `ann email:a name:Ann`."""
    told = [(record_id, [one.split(":") for one in held]) for record_id, *held in map(str.split, records)]
    seen = datetime(2026, 1, 1)  # noqa: DTZ001  a UTC timestamp as the warehouse has it
    rows = [
        {"record_id": record_id, "source_name": "s", "first_name": dict(held).get("name")} for record_id, held in told
    ]
    identifiers = [
        {"record_id": record_id, "identifier_type": kind, "identifier_value": value}
        | {"first_seen_at": seen, "last_seen_at": seen}
        for record_id, held in told
        for kind, value in held
        if kind != "name"
    ]
    return pa.Table.from_pylist(rows, RECORDS_SCHEMA), pa.Table.from_pylist(identifiers, IDENTIFIERS_SCHEMA)


class People:
    """A warehouse in which dbt has staged records, and runs of `identify` over it."""

    def __init__(self, folder: Path) -> None:
        """Nobody yet, and `RULES`."""
        self.settings = Settings(
            data_dir=folder / "data", identity_rules_path=folder / "identity.yml", warehouse_threads=1
        )
        self.settings.identity_rules_path.write_text(RULES, encoding="utf-8")

    def run(self, records: Sequence[str], number: int = 1, run_id: str | None = None) -> Identification:
        """Stage the records and identify them on a day of July."""
        with open_warehouse(self.settings) as warehouse:
            warehouse.execute("create schema if not exists identity")
            for table, rows in zip(("records", "identifiers"), tables_of(records), strict=True):
                warehouse.write(f"staged_{table}", rows)
                view = f"identity.int_identity__{table}"
                warehouse.execute(f"create or replace view {view} as from pipeline.staged_{table}")
            warehouse.execute("alter table pipeline.staged_records alter birth_date type date")
        return identify(RunContext(day(number), run_id or f"run_{number}", self.settings))

    def decide(self, kind: Any, left: str, right: str, number: int = 1) -> str:
        """Write a decision down and return its id."""
        decision = decide(kind, left.split(), right.split(), "somebody said so", day(number))
        append_decision(decisions_path(self.settings.identity_dir), decision)
        return decision.decision_id

    def change_rules(self, rules: str) -> None:
        """Put other rules in place."""
        self.settings.identity_rules_path.write_text(rules, encoding="utf-8")

    def rows(self, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
        """The rows of a table that identify wrote."""
        with open_warehouse(self.settings) as warehouse:
            return warehouse.rows(f"select {columns} from pipeline.identity_{table}")

    def customers(self) -> dict[str, str]:
        """The customer of every record."""
        return dict(self.rows("clusters", "record_id, customer_id"))

    def remembered(self) -> dict[str, bytes]:
        """What lies beside the warehouse."""
        folder = self.settings.identity_dir
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def written(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, in order."""
        return {table: self.rows(table) for table in TABLES}
