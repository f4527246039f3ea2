"""A small world of buyers in a warehouse file, as it stands once identity is resolved, and real dbt to build on it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

PROJECT_DIR = Path(__file__).parents[3] / "dbt_project"
AS_OF = date(2026, 7, 1)
LAYERS = tuple(f"path:models/{layer}" for layer in ("customer_360", "features", "exports", "measurement"))
FEEDS = {"order_lines": ["web_shop", "pos"], "web_events": ["ga4"], "interactions": ["call_centre"]}
VARIABLES = {
    "as_of": AS_OF.isoformat(),
    "feeds": FEEDS,
    "mapped_feeds": {},
    "identifier_rules": {
        "loyalty_number": {"column": "loyalty_number", "joins": "people"},
        "device_id": {"column": None, "joins": "anonymous"},
    },
}
CUSTOMER_COUNT = 150
VISITOR_COUNT = 40
"""Devices on which somebody was not signed in: every other one a buyer's own, the others an anonymous visitor each."""
EVENT_COUNT = 1500
INTERACTION_COUNT = 200
ORDER_AGES_DAYS = (-3, 0, 1, 5, 30, 89, 90, 91, 120, 200, 365, 366, 500, 700)
"""Days before the run on which orders and calls fall: few, so that customers tie, and on both sides of every window."""


@dataclass(frozen=True)
class DbtWorld:
    """A folder with a warehouse file, and how to run dbt on it."""

    folder: Path

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file."""
        return self.folder / "warehouse.duckdb"

    def dbt(self, verb: str, select: Sequence[str] = LAYERS) -> subprocess.CompletedProcess[str]:
        """Run one dbt process, by default over every layer from customer 360 on."""
        command = [Path(sys.executable).with_name("dbt"), verb, "--select", *select]
        command += ["--vars", json.dumps(VARIABLES)]
        command += ["--indirect-selection", "buildable", "--project-dir", PROJECT_DIR, "--profiles-dir", PROJECT_DIR]
        command += ["--target-path", self.folder / "target", "--log-path", self.folder / "logs"]
        environment = os.environ | {"C360_WAREHOUSE_PATH": str(self.warehouse_path), "DO_NOT_TRACK": "1"}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def results(self) -> dict[str, str]:
        """The status of every node of the last process, by the node's name."""
        content = json.loads((self.folder / "target" / "run_results.json").read_text(encoding="utf-8"))
        return {result["unique_id"].split(".")[2]: result["status"] for result in content["results"]}

    def unwell(self) -> set[str]:
        """The nodes of the last process that failed, warned or were skipped."""
        return {name for name, status in self.results().items() if status not in ("success", "pass", "no-op")}

    def execute(self, *statements: str) -> None:
        """Change the warehouse by hand."""
        with duckdb.connect(str(self.warehouse_path)) as connection:
            for statement in statements:
                connection.execute(statement)

    def frame(self, sql: str) -> pd.DataFrame:
        """The rows of a query."""
        with duckdb.connect(str(self.warehouse_path), read_only=True) as connection:
            return connection.execute(sql).df()

    def copy(self, folder: Path) -> "DbtWorld":
        """The same world in another folder, to be changed there."""
        shutil.copytree(self.folder, folder)
        return DbtWorld(folder)


@pytest.fixture(scope="session")
def built_world(tmp_path_factory: pytest.TempPathFactory) -> DbtWorld:
    """The world of buyers after one `dbt build` of every layer from customer 360 on. Tests only read it."""
    world = DbtWorld(tmp_path_factory.mktemp("buyers"))
    lay_world(world)
    finished = world.dbt("build")
    assert finished.returncode == 0, world.unwell() or finished.stdout
    return world


def lay_world(world: DbtWorld) -> None:
    """Write what the layers before customer 360 and the Python steps would have written."""
    random = np.random.default_rng(7)
    people, devices = _records(random), _devices()
    records = pd.concat([people, devices], ignore_index=True)
    order_lines = _order_lines(random, people)
    members = _audience_members(random, people)
    tables = {
        "identity.int_identity__records": records.drop(columns="customer_id"),
        "identity.int_identity__identifiers": _identifiers(records),
        "identity.int_identity__devices": devices[["record_id"]],
        "identity.dim_identities": records[["record_id", "customer_id", "source_name"]].assign(link_rules=""),
        "pipeline.identity_clusters": records[["record_id", "customer_id"]],
        "staging.stg_pos__order_lines": order_lines[order_lines["source_name"] == "pos"],
        "staging.stg_web_shop__order_lines": order_lines[order_lines["source_name"] == "web_shop"],
        "staging.stg_ga4__web_events": _web_events(random, records),
        "staging.stg_call_centre__interactions": _interactions(random, people),
        "privacy.customer_consents": _consents(random, people),
        "pipeline.audiences": _audiences(members),
        "pipeline.audience_members": members,
        "pipeline.export_results": _export_results(members),
    }
    with duckdb.connect(str(world.warehouse_path)) as connection:
        for table, rows in tables.items():
            connection.register("rows_of_table", rows)
            connection.execute(f"create schema if not exists {table.split('.')[0]}")
            connection.execute(f"create table {table} as select {_typed(rows)} from rows_of_table")


def _typed(rows: pd.DataFrame) -> str:
    """The select list that gives a table the types of the shared vocabulary."""
    types = {
        "line_amount": "decimal(18, 4)",
        "quantity": "bigint",
        "duration_seconds": "bigint",
        "as_of_date": "date",
        "is_granted": "boolean",
        "is_resolved": "boolean",
    }
    return ", ".join(
        f"{column}::{types.get(column, 'timestamp' if column.endswith('_at') else 'varchar')} as {column}"
        for column in rows.columns
    )


def _records(random: np.random.Generator) -> pd.DataFrame:
    """Everybody's shop account and loyalty card and, of some, a contact, which does not buy."""
    rows = [
        {
            "record_id": f"{source}:{kind}:{number}",
            "customer_id": f"c_{number:016x}",
            "source_name": source,
            "email_normalised": f"buyer{number}@{source}.example" if random.random() < 0.7 else None,
            "phone_normalised": f"+336{number:08d}" if random.random() < 0.5 else None,
            "loyalty_number": f"{number}" if source == "pos" and number % 3 else None,
            "first_name": f"First{number}" if source == "hubspot" else None,
            "last_name": f"Last{number}" if source == "hubspot" else None,
            "postal_code": f"{75000 + number}" if source == "hubspot" else None,
            "country_code": str(random.choice(["FR", "GB"])) if source != "pos" else None,
            "updated_at": pd.Timestamp("2025-01-01") + pd.Timedelta(days=int(random.integers(0, 500))),
        }
        for number in range(CUSTOMER_COUNT)
        for source, kind in (("web_shop", "account"), ("pos", "loyalty"), ("hubspot", "contact"))
        if source != "hubspot" or random.random() < 0.4
    ]
    return pd.DataFrame(rows)


def _devices() -> pd.DataFrame:
    """Records that know a device and nobody."""
    numbers = range(VISITOR_COUNT)
    return pd.DataFrame(
        {
            "record_id": [f"ga4:device:{number}" for number in numbers],
            "customer_id": [f"c_{number:016x}" if number % 2 else f"c_visitor_{number}" for number in numbers],
            "source_name": "ga4",
            "updated_at": pd.Timestamp("2025-06-01"),
        }
    )


def _identifiers(records: pd.DataFrame) -> pd.DataFrame:
    cards = records.dropna(subset=["loyalty_number"])
    devices = records[records["record_id"].str.startswith("ga4:device:")]
    return pd.concat(
        [
            pd.DataFrame(
                {"record_id": holders["record_id"], "identifier_type": name, "identifier_value": holders[held]}
            )
            for holders, name, held in (
                (cards, "loyalty_number", "loyalty_number"),
                (devices, "device_id", "record_id"),
            )
        ]
    )


def _order_lines(random: np.random.Generator, records: pd.DataFrame) -> pd.DataFrame:
    """Orders over two years and a little beyond the run, at few prices, with returns, fees and called-off lines."""
    buyers = records[records["source_name"] != "hubspot"].sample(frac=3, replace=True, random_state=7)
    orders = [_lines_of_order(random, number, buyer) for number, buyer in enumerate(buyers.to_dict("records"))]
    return pd.DataFrame([line for order in orders for line in order])


def _lines_of_order(random: np.random.Generator, number: int, buyer: dict[str, str]) -> list[dict[str, object]]:
    order_id = f"{buyer['source_name']}:{number}"
    ordered_at = pd.Timestamp(AS_OF) - pd.Timedelta(days=int(random.choice(ORDER_AGES_DAYS)))
    ordered_at += pd.Timedelta(hours=int(random.choice([0, 12, 23])))
    order = {
        "order_id": order_id,
        "source_name": buyer["source_name"],
        "record_id": None if random.random() < 0.2 else buyer["record_id"],
        "channel": "store" if buyer["source_name"] == "pos" else "web",
        "currency_code": "GBP" if int(buyer["customer_id"][2:], 16) % 4 == 0 else "EUR",
        "product_id": "p1",
        "category": None,
    }
    lines = []
    for line_number in range(int(random.integers(1, 4))):
        kind = str(random.choice(["sale", "sale", "sale", "return", "fee", "cancellation"]))
        sign = -1 if kind == "return" else 1
        late = pd.Timedelta(days=int(random.choice([0, 40])) if kind == "return" else 0)
        lines.append(
            order
            | {
                "order_line_id": f"{order_id}:{line_number}",
                "line_kind": kind,
                "quantity": sign,
                "line_amount": sign * float(random.choice([5, 10, 20, 50])),
                "ordered_at": ordered_at + late,
            }
        )
    return lines


def _web_events(random: np.random.Generator, records: pd.DataFrame) -> pd.DataFrame:
    visitors = records[records["source_name"].isin(["web_shop", "ga4"])]["record_id"].to_numpy()
    days = random.integers(-3, 500, EVENT_COUNT)
    return pd.DataFrame(
        {
            "event_id": [f"ga4:{number}" for number in range(EVENT_COUNT)],
            "source_name": "ga4",
            "record_id": [None if random.random() < 0.3 else str(random.choice(visitors)) for _ in days],
            "event_name": random.choice(["product_view", "add_to_basket", "page_view"], EVENT_COUNT),
            "product_id": "p1",
            "occurred_at": [pd.Timestamp(AS_OF) - pd.Timedelta(days=int(day)) for day in days],
        }
    )


def _interactions(random: np.random.Generator, records: pd.DataFrame) -> pd.DataFrame:
    """Calls, also of people whom no record names, and some on the day of the run and after it."""
    days = random.choice(ORDER_AGES_DAYS, INTERACTION_COUNT)
    return pd.DataFrame(
        {
            "interaction_id": [f"call_centre:{number}" for number in range(INTERACTION_COUNT)],
            "source_name": "call_centre",
            "record_id": [None if random.random() < 0.3 else str(random.choice(records["record_id"])) for _ in days],
            "product_id": None,
            "order_id": None,
            "store_id": None,
            "channel": "call_centre",
            "interaction_kind": "inbound_call",
            "topic": random.choice(["delivery", "complaint"], INTERACTION_COUNT),
            "duration_seconds": random.integers(10, 900, INTERACTION_COUNT),
            "is_resolved": random.random(INTERACTION_COUNT) < 0.7,
            "occurred_at": [pd.Timestamp(AS_OF) - pd.Timedelta(days=int(day)) for day in days],
        }
    )


def _consents(random: np.random.Generator, records: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {
            "customer_id": customer_id,
            "purpose": purpose,
            "recipient": recipient,
            "is_granted": bool(random.random() < 0.8),
            "decided_at": pd.Timestamp("2026-01-01"),
        }
        for customer_id in records["customer_id"].unique()
        for purpose in ("ad_user_data", "ad_personalization", "email_marketing")
        for recipient in ("google_ads", "meta")
        if random.random() < 0.8
    ]
    return pd.DataFrame(rows)


def _audiences(members: pd.DataFrame) -> pd.DataFrame:
    """One row per audience, destination and day that was resolved."""
    resolved = members[["audience_name", "destination_name", "as_of_date"]].drop_duplicates()
    return resolved.assign(models_without_scores="")


def _audience_members(random: np.random.Generator, records: pd.DataFrame) -> pd.DataFrame:
    """Everybody, as if resolved without asking for consent: the views must ask themselves."""
    held_out = {customer_id: random.random() < 0.2 for customer_id in records["customer_id"].unique()}
    rows = [
        {
            "audience_name": "everybody",
            "destination_name": destination,
            "customer_id": customer_id,
            "as_of_date": as_of_date,
            "status": "held_out" if is_held_out else "member",
            "reason": "holdout" if is_held_out else "",
        }
        for customer_id, is_held_out in held_out.items()
        for destination in ("google_ads", "meta")
        for as_of_date in (AS_OF - timedelta(days=1), AS_OF)
    ]
    return pd.DataFrame(rows)


def _export_results(members: pd.DataFrame) -> pd.DataFrame:
    """What the export of the day before did with its members; today's has not run."""
    sent = members[(members["status"] == "member") & (members["as_of_date"] < AS_OF)].reset_index(drop=True)
    is_written = sent.index % 10 < 5
    sent["status"] = np.where(is_written, "written", "refused")
    sent["reason"] = np.where(is_written, "", "no_usable_identifier")
    sent["batch_file"] = [("batch_1.json" if written else None) for written in is_written]
    return sent
