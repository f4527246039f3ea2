"""A new channel by contract alone: a contract and files change identity and interactions; nothing else is written."""

import json
import shutil
from dataclasses import dataclass
from datetime import date

import pytest

from c360.core.run import RunContext
from c360.core.settings import PROJECT_DIR, Settings
from c360.core.warehouse import open_warehouse
from c360.steps.build import build, manifest_path
from c360.steps.identify import identify
from c360.steps.ingest import ingest

SHOP = ("signups", "call_centre")
SIGNUPS = """\
signup_id,email,first_name,phone,country_code,form,user_pseudo_id,signed_up_at
s1,ada@example.org,Ada,,FR,newsletter,,2026-06-28T10:00:00+02:00
"""
CALLS = """\
contact_id;medium;direction;phone;email;country_code;order_id;topic;duration_seconds;is_resolved;note;started_at
c1;call;inbound;;ada@example.org;FR;o1;delivery;60;true;;2026-06-28 12:00:00
"""
ADAS = {"email": "Ada@example.org"}
EVENTS = [
    # Who gave the account's e-mail is the person of the sign-up; who gave none is a customer of their own.
    {"event_id": "v1", "avatar_id": "a1", "account": ADAS, "event": "enter"},
    {"event_id": "v2", "avatar_id": "a1", "account": ADAS, "event": "try_on", "target": {"sku": "hat"}},
    {"event_id": "v3", "avatar_id": "a2", "account": {"email": None}, "event": "enter"},
]
OCCURRED_AT_MS = 1_782_000_000_000  # 2026-06-21 00:00 UTC


@dataclass(frozen=True)
class Facts:
    """Who every record is, and the interactions as people see them."""

    identities: dict[str, str]
    interactions: list[tuple[object, ...]]


@dataclass(frozen=True)
class Opening:
    """A shop before and after a channel opened."""

    run: RunContext
    before: Facts
    after: Facts


@pytest.fixture(scope="module")
def opening(tmp_path_factory: pytest.TempPathFactory) -> Opening:
    """A shop that knows sign-ups and calls, run to its facts, and again with the virtual store as well."""
    folder = tmp_path_factory.mktemp("shop")
    settings = Settings(data_dir=folder / "data", contracts_dir=folder / "contracts", warehouse_threads=1)
    settings.contracts_dir.mkdir()
    for source in SHOP:
        shutil.copy(PROJECT_DIR / "contracts" / f"{source}.yml", settings.contracts_dir)
    land(settings, "signups", "signups_2026-06-29.csv", SIGNUPS)
    land(settings, "call_centre", "contacts_2026-06-29.csv", CALLS)
    run = RunContext(date(2026, 6, 30), "test", settings)
    before = run_to_facts(run)
    shutil.copy(PROJECT_DIR / "contracts" / "virtual_store.yml", settings.contracts_dir)
    lines = [json.dumps(event | {"duration_s": 5, "occurred_at": OCCURRED_AT_MS}) for event in EVENTS]
    land(settings, "virtual_store", "avatar_events_2026-06-29.jsonl", "\n".join(lines) + "\n")
    return Opening(run, before, run_to_facts(run))


def land(settings: Settings, source: str, name: str, text: str) -> None:
    folder = settings.landing_dir / source
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")


def run_to_facts(run: RunContext) -> Facts:
    ingest(run)
    build(run, "staging")
    identify(run)
    build(run, "customer_360")
    with open_warehouse(run.settings) as warehouse:
        identities = warehouse.rows("select record_id, customer_id from identity.dim_identities")
        interactions = warehouse.rows(
            "select interaction_id, record_id, customer_id, channel, interaction_kind, product_id, duration_seconds "
            "from customer_360.fct_interactions order by 1"
        )
    return Facts(dict(identities), interactions)


def test_a_contract_and_a_file_are_a_channel(opening: Opening) -> None:
    """Avatars become records, tied to the people they belong to, and what they do becomes interactions."""
    before, after = opening.before.identities, opening.after.identities
    ada, stranger = after["virtual_store:avatar:a1"], after["virtual_store:avatar:a2"]

    assert [row[3] for row in opening.before.interactions] == ["call_centre"]
    assert set(after) - set(before) == {"virtual_store:avatar:a1", "virtual_store:avatar:a2"}
    assert ada == after["signups:signup:s1"] == after["call_centre:contact:c1"]
    assert stranger not in before.values()
    assert opening.after.interactions[1:] == [
        ("virtual_store:v1", "virtual_store:avatar:a1", ada, "virtual_store", "enter", None, 5),
        ("virtual_store:v2", "virtual_store:avatar:a1", ada, "virtual_store", "try_on", "hat", 5),
        ("virtual_store:v3", "virtual_store:avatar:a2", stranger, "virtual_store", "enter", None, 5),
    ]


def test_lineage_names_the_mapped_table(opening: Opening) -> None:
    """The view of mapped tables says which tables of the lake it reads, in the manifest that catalogues read."""
    nodes = json.loads(manifest_path(opening.run.settings).read_text("utf-8"))["nodes"]
    view = nodes["model.c360.stg_mapped__interactions"]

    assert view["config"]["meta"]["lake_tables"] == ["virtual_store__avatar_events"]
    assert "model.c360.stg_mapped__interactions" in nodes["model.c360.fct_interactions"]["depends_on"]["nodes"]
