"""Staging, identity and privacy, built by dbt on a small lake whose right answers are written here."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml

from c360.core.errors import C360Error, WarehouseLocked
from c360.core.run import RunContext
from c360.core.settings import PROJECT_DIR
from c360.core.warehouse import Warehouse, open_warehouse
from c360.privacy.hashing import md5_hex
from c360.sources.contracts.contract import FEEDS, feeds_by_entity
from c360.sources.contracts.feeds import FEED_COLUMNS
from c360.sources.contracts.loading import load_contracts
from c360.sources.values.casting import SQL_TYPES
from c360.steps.build import LAYERS, build, dbt_command, log_path, target_dir
from c360.steps.identify import identify

ROOMS = ("identity", "privacy")
BEFORE, LATER, AFTER_AS_OF = "2026-05-01 10:00:00", "2026-06-01 10:00:00", "2026-07-01 02:00:00"


def account(account_id: str, email: str, updated_at: str = BEFORE) -> dict[str, Any]:
    return {"account_id": account_id, "email": email, "email_normalised": email.lower(), "updated_at": updated_at}


def order(order_id: str, account_id: str | None = None, email: str | None = None) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "account_id": account_id,
        "email": email,
        "email_normalised": email,
        "currency_code": "EUR",
        "ordered_at": LATER,
    }


def order_line(order_id: str, quantity: int = 1) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "line_number": 1,
        "sku": "mug",
        "quantity": quantity,
        "line_amount": 9 * quantity,
        "ordered_at": LATER,
    }


def receipt_line(receipt_id: str, sold_at: str, card: str | None = None, email: str | None = None) -> dict[str, Any]:
    return {
        "receipt_id": receipt_id,
        "line_number": 1,
        "sold_at": sold_at,
        "loyalty_number": card,
        "email": email,
        "email_normalised": email,
        "sku": "mug",
        "quantity": 1,
        "line_amount": 9,
        "currency_code": "EUR",
    }


def answer(decision_id: str, who: dict[str, str], is_granted: bool, decided_at: str) -> dict[str, Any]:
    purpose = {"purpose": "ad_user_data", "recipient": "meta"}
    return {"decision_id": decision_id, "is_granted": is_granted, "decided_at": decided_at} | purpose | who


def visit(device: str, at: str, user_id: str | None = None) -> dict[str, Any]:
    return {"user_pseudo_id": device, "event_timestamp": at, "event_name": "view_item", "user_id": user_id}


def outlet_order(order_id: str, created_at: str, **buyer: str) -> dict[str, Any]:
    lines = '[{"id": 1, "sku": "mug", "quantity": 1, "price": "9.00"}]'
    return {"id": order_id, "currency": "EUR", "created_at": created_at, "line_items": lines} | buyer


PHONE = "+33612345678"
ADA = {"subject_id": "s_ada", "account_id": "1"}
BEN_AT_HOME = {"subject_id": "s_ben", "email_normalised": "ben@shop.test"}
BEN_AT_THE_TILL = {"subject_id": "s_ben_card", "loyalty_number": "200"}
CY = {"subject_id": "s_cy", "account_id": "3"}
CY_ELSEWHERE = {"subject_id": "s_cy_elsewhere", "email_normalised": "cy.new@shop.test"}
DEE = {"subject_id": "s_dee", "email_normalised": "dee@shop.test"}

WORLD: dict[str, list[dict[str, Any]]] = {
    "web_shop__accounts": [
        account("1", "Ada@shop.test"),
        account("3", "cy.old@shop.test"),
        account("3", "cy.new@shop.test", LATER),
        account("9", "tomorrow@shop.test", AFTER_AS_OF),
    ],
    "web_shop__orders": [
        order("o1", account_id="1"),
        order("o2", email="ben@shop.test"),
        order("o3", email="cy.old@shop.test"),
        order("o4", account_id="77"),
    ],
    "web_shop__order_lines": [
        *(order_line(order_id) for order_id in ("o1", "o2", "o3", "o4", "o_without_header")),
        order_line("o1", quantity=-1) | {"line_number": 2},
        order_line("o1") | {"line_amount": 8, "_is_current": False, "_has_key_conflict": True},
    ],
    "pos__receipt_lines": [
        receipt_line("r1", BEFORE, card="100"),
        receipt_line("r2", BEFORE, card="200", email="ben@shop.test"),
        receipt_line("r3", LATER, card="200"),
        receipt_line("r4", LATER, email="dee@shop.test"),
        receipt_line("r5", LATER),
    ],
    "salesforce__contacts": [
        {"id": "k1", "email_normalised": "ada@shop.test", "loyalty_number": " 100 ", "last_modified_at": BEFORE},
        {"id": "k2", "email_normalised": "", "loyalty_number": "", "last_modified_at": BEFORE},
        {"id": "k3", "email_normalised": "", "loyalty_number": "", "last_modified_at": BEFORE},
    ],
    "ga4__events": [
        visit("d1", BEFORE, "1"),
        visit("d2", AFTER_AS_OF, "1"),
        visit("d3", BEFORE),
        visit("d1", LATER),
        visit("d4", BEFORE),
        visit("d5", LATER) | {"transaction_id": "o2"},
        *(visit("tablet", f"2026-05-0{day} 10:00:00", user_id) for day, user_id in ((1, "1"), (2, None), (3, "3"))),
    ],
    "segment__calls": [
        {"message_id": "m1", "type": "page", "user_id": "1", "anonymous_id": "i1", "occurred_at": BEFORE},
        # The same text in two systems is two devices.
        {"message_id": "m2", "type": "page", "anonymous_id": "d3", "advertising_id": "Ad-1", "occurred_at": BEFORE},
    ],
    "store_visits__visits": [
        {"visit_id": "w1", "store_id": "S1", "loyalty_number": "200", "advertising_id": "AD-1", "entered_at": BEFORE},
        {"visit_id": "w2", "store_id": "S1", "advertising_id": "ad-2", "entered_at": BEFORE},
    ],
    "hubspot__contacts": [
        {"record_id": "h1", "email_normalised": "ada@shop.test", "phone_normalised": PHONE, "last_modified_at": BEFORE},
    ],
    "loyalty__members": [
        {"loyalty_number": card, "tier": "gold", "joined_at": BEFORE, "updated_at": BEFORE} for card in ("100", "200")
    ],
    "signups__signups": [
        {"signup_id": "n1", "email_normalised": "ada@shop.test", "signed_up_at": BEFORE},
        {"signup_id": "n2", "email_normalised": "flo@shop.test", "user_pseudo_id": "d4", "signed_up_at": BEFORE},
    ],
    "call_centre__contacts": [
        {"contact_id": "p1", "phone_normalised": PHONE, "direction": "inbound", "medium": "call", "started_at": BEFORE},
    ],
    "surveys__responses": [{"response_id": "q1", "loyalty_number": "100", "nps": 9, "submitted_at": BEFORE}],
    "shopify__customers": [{"id": "900", "phone_normalised": PHONE, "updated_at": BEFORE}],
    "shopify__orders": [
        outlet_order("5001", BEFORE, customer_id="900"),
        outlet_order("5002", BEFORE, email_normalised="ada@shop.test"),
        outlet_order("5003", BEFORE),
    ],
    "virtual_store__avatar_events": [
        {
            "event_id": "v1",
            "avatar_id": "a1",
            "account_email_normalised": "ada@shop.test",
            "event": "enter",
            "occurred_at": BEFORE,
        },
    ],
    "consents__decisions": [
        answer("d1", ADA, True, BEFORE),
        answer("d2", BEN_AT_HOME, True, LATER),
        answer("d3", BEN_AT_THE_TILL, False, BEFORE) | {"purpose": " Ad_User_Data"},
        answer("d4", CY, True, BEFORE),
        answer("d5", CY_ELSEWHERE, False, AFTER_AS_OF),
        answer("d6", DEE, True, AFTER_AS_OF),
    ],
}


@pytest.fixture(scope="module")
def world(make_world: Callable[..., RunContext], tmp_path_factory: pytest.TempPathFactory) -> RunContext:
    """The lake above, staged, identified and with its consents, after dbt's own tests and unit tests."""
    run = make_world(tmp_path_factory.mktemp("world"), WORLD)
    build(run, "staging")
    identify(run)
    sources = [one for one in LAYERS["customer_360"] if one.startswith("source:pipeline.identity_")]
    folders = [*sources, *(f"path:{at}/{of}" for at in ("models", "tests") for of in ROOMS)]
    command, environment = dbt_command(
        run, ["build", "--select", *folders, "--indirect-selection", "cautious", "--log-level", "error"]
    )
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    return run


@pytest.fixture(scope="module")
def warehouse(world: RunContext) -> Iterator[Warehouse]:
    """The warehouse of that world."""
    with open_warehouse(world.settings) as opened:
        yield opened


def vocabulary() -> dict[str, list[tuple[str, str]]]:
    """The columns and types of every feed, read from the macro that declares them."""
    source = (PROJECT_DIR / "dbt_project/macros/feed_columns.sql").read_text(encoding="utf-8")
    returned: list[dict[str, str]] = []
    types = {"string": "VARCHAR", "bigint": "BIGINT", "boolean": "BOOLEAN", "timestamp": "TIMESTAMP"}
    known = {f"type_{name}": lambda sql=sql: sql for name, sql in types.items()} | {"return": returned.append}
    macro = jinja2.Environment(extensions=["jinja2.ext.do"], autoescape=True).from_string(source, known).module
    for feed in FEEDS:
        macro.feed_columns(feed)  # type: ignore[attr-defined]
    spelt = {"decimal(18, 4)": "DECIMAL(18,4)", "date": "DATE"}
    return {
        feed: [(column, spelt.get(sql.strip(), sql.strip())) for column, sql in columns.items()]
        for feed, columns in zip(FEEDS, returned, strict=True)
    }


def test_every_source_stages_exactly_what_its_feeds_promise(world: RunContext, warehouse: Warehouse) -> None:
    """A source that declares a feed delivers that feed's columns and types, no fewer and no more."""
    expected = vocabulary()
    contracts = load_contracts(world.settings.contracts_dir)
    views = [(f"stg_{name}__{feed}", feed) for feed, names in feeds_by_entity(contracts).items() for name in names]

    assert len(views) >= 33
    assert {feed for _, feed in views} == set(FEEDS)
    for view, feed in views:
        described = warehouse.rows(f"select column_name, column_type from (describe staging.{view})")
        assert sorted(described) == sorted(expected[feed]), view


def test_contracts_and_dbt_speak_one_vocabulary() -> None:
    """What contracts may map is, column by column and in order, what the macro declares."""
    by_contracts = {
        feed: [(column, SQL_TYPES[kind]) for column, kind in columns.items()] for feed, columns in FEED_COLUMNS.items()
    }

    assert by_contracts == vocabulary()


def test_every_line_is_staged_whether_its_buyer_is_known_or_not(warehouse: Warehouse) -> None:
    """No order line is lost, and one whose order is missing says that its currency is unknown."""
    lines = "select * from staging.stg_web_shop__order_lines union all by name from staging.stg_pos__order_lines"
    orphan = "web_shop:o_without_header:1"

    assert warehouse.rows(f"select count(*) from ({lines})") == [(11,)]
    assert warehouse.rows(f"select order_line_id from ({lines}) where record_id is null order by 1") == [
        ("pos:r5:1",),
        (orphan,),
    ]
    assert warehouse.rows(f"select order_line_id from ({lines}) where currency_code = 'XXX'") == [(orphan,)]
    assert warehouse.rows(f"select line_amount from ({lines}) where line_kind = 'return'") == [(-9,)]


def test_every_buyer_of_a_line_is_a_record(warehouse: Warehouse) -> None:
    """A line's record exists, even when the account that ordered was never delivered."""
    unknown = warehouse.rows(
        "select lines.record_id from staging.stg_web_shop__order_lines as lines "
        "anti join identity.int_identity__records as records on lines.record_id = records.record_id "
        "where lines.record_id is not null"
    )

    assert unknown == []
    assert "web_shop:account:77" in records_of(warehouse, customer_of(warehouse, "web_shop:account:77"))


def customer_of(warehouse: Warehouse, record_id: str) -> str:
    found = warehouse.rows("select customer_id from identity.dim_identities where record_id = ?", [record_id])
    assert len(found) == 1, record_id
    return str(found[0][0])


def records_of(warehouse: Warehouse, customer_id: str) -> set[str]:
    found = warehouse.rows("select record_id from identity.dim_identities where customer_id = ?", [customer_id])
    return {record for (record,) in found}


def test_identifiers_tie_records_of_all_sources(warehouse: Warehouse) -> None:
    """What every source knows of one person is one customer when a chain of identifiers joins it."""
    assert records_of(warehouse, customer_of(warehouse, "salesforce:contact:k1")) == {
        "web_shop:account:1",
        "salesforce:contact:k1",
        "pos:loyalty:100",
        "ga4:user:1",
        "segment:user:1",
        "hubspot:contact:h1",
        "loyalty:member:100",
        "signups:signup:n1",
        "call_centre:contact:p1",
        "surveys:response:q1",
        "shopify:customer:900",
        "shopify:order:5002",
        "virtual_store:avatar:a1",
        "consents:subject:s_ada",
        device("ga4", "d1"),
    }


def device(system: str, native_id: str) -> str:
    """The record of a device."""
    return f"{system}:device:{md5_hex(native_id)}"


def test_a_device_is_its_only_users_and_a_tablet_is_nobodys(warehouse: Warehouse) -> None:
    """Who signed in, filled in a form, bought or showed a card has the device; a passer-by and a tablet are alone."""
    assert customer_of(warehouse, device("ga4", "d1")) == customer_of(warehouse, "ga4:user:1")
    assert customer_of(warehouse, device("ga4", "d4")) == customer_of(warehouse, "signups:signup:n2")
    assert customer_of(warehouse, device("ga4", "d5")) == customer_of(warehouse, "web_shop:order:o2")
    assert customer_of(warehouse, device("segment", "d3")) == customer_of(warehouse, "pos:loyalty:200")
    for alone in ("d3", "tablet"):
        assert records_of(warehouse, customer_of(warehouse, device("ga4", alone))) == {device("ga4", alone)}
    assert customer_of(warehouse, "ga4:user:1") != customer_of(warehouse, "ga4:user:3")


def test_every_identifier_says_when_it_was_seen(warehouse: Warehouse) -> None:
    """A device is seen from its first event to its last before the run; a corrected e-mail since the correction."""
    seen = "select first_seen_at::varchar, last_seen_at::varchar from identity.int_identity__identifiers where "

    assert warehouse.rows(f"{seen} record_id = ? and identifier_value = 'ga4:d1'", ["ga4:user:1"]) == [(BEFORE, BEFORE)]
    assert warehouse.rows(f"{seen} record_id = ?", [device("ga4", "d1")]) == [(LATER, LATER)]
    assert warehouse.rows(f"{seen} record_id = 'web_shop:account:3' and identifier_type = 'email'") == [(LATER, LATER)]
    assert warehouse.rows(f"{seen} identifier_value = 'ga4:d2'") == []


def test_a_type_without_a_rule_warns_and_stays_in_staging(
    make_world: Callable[..., RunContext], tmp_path: Path
) -> None:
    """What the rules do not know is counted by source, and nothing of it is lost."""
    rows = {name: WORLD[name] for name in ("store_visits__visits", "segment__calls", "ga4__events")}
    run = make_world(tmp_path / "data", rows)
    rules = tmp_path / "identity.yml"
    rules.write_text("identifiers: {email: , order_id: , device_id: {joins: anonymous}}\n", encoding="utf-8")
    settings = run.settings.model_copy(update={"identity_rules_path": rules})
    told = "assert_the_rules_know_every_type_of_identifier"
    command, environment = dbt_command(replace(run, settings=settings), ["build", "--select", f"+{told}"])
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    with open_warehouse(settings) as opened:
        types = opened.rows("select distinct identifier_type from staging.stg_store_visits__identifiers")

    assert done.returncode == 0, done.stdout
    assert re.search(rf"{told}\b.*\n?.*Got 2 results, configured to warn", done.stdout), done.stdout
    assert types == [("advertising_id",)]


def test_a_card_keeps_the_email_left_on_one_of_its_receipts(warehouse: Warehouse) -> None:
    """The receipt is the card's, and a later receipt without an e-mail does not take the e-mail away."""
    emails = "select record_id, email from identity.int_identity__records where source_name = 'pos' order by 1"

    assert warehouse.rows(emails) == [
        ("pos:loyalty:100", None),
        ("pos:loyalty:200", "ben@shop.test"),
        ("pos:receipt:r4", "dee@shop.test"),
    ]
    assert records_of(warehouse, customer_of(warehouse, "pos:loyalty:200")) >= {"web_shop:order:o2"}


def test_a_corrected_email_no_longer_ties(warehouse: Warehouse) -> None:
    """Only what a record says now is evidence: the e-mail that was replaced belongs to somebody else."""
    assert customer_of(warehouse, "web_shop:account:3") != customer_of(warehouse, "web_shop:order:o3")


def test_empty_identifiers_tie_nobody(warehouse: Warehouse) -> None:
    """Two contacts that left everything empty are two customers, each alone."""
    assert records_of(warehouse, customer_of(warehouse, "salesforce:contact:k2")) == {"salesforce:contact:k2"}
    assert warehouse.rows(
        "select link_rules from identity.dim_identities where record_id = 'salesforce:contact:k2'"
    ) == [("",)]


def test_the_run_sees_no_record_of_the_day_itself(warehouse: Warehouse) -> None:
    """An account made on the run's date is not there yet; a visitor first seen before it is."""
    records = {record for (record,) in warehouse.rows("select record_id from identity.int_identity__records")}

    assert "web_shop:account:9" not in records
    assert "ga4:user:1" in records


def consent(warehouse: Warehouse, record_id: str) -> list[tuple[Any, ...]]:
    return warehouse.rows(
        "select purpose, recipient, is_granted from privacy.customer_consents where customer_id = ?",
        [customer_of(warehouse, record_id)],
    )


def test_a_grant_of_any_record_reaches_the_customer(warehouse: Warehouse) -> None:
    """What Ada said on the web holds for all of her records."""
    assert consent(warehouse, "pos:loyalty:100") == [("ad_user_data", "meta", True)]


def test_a_refusal_wins_over_a_newer_grant_of_a_linked_record(warehouse: Warehouse) -> None:
    """Ben's no at the till stands, however it is spelt, although his yes at home is newer."""
    assert consent(warehouse, "consents:subject:s_ben") == [("ad_user_data", "meta", False)]


def test_a_refusal_of_the_day_itself_is_heard_and_a_grant_is_not(warehouse: Warehouse) -> None:
    """A no of this morning, from a subject never seen before, stops today's export; a yes waits for tomorrow's run."""
    assert consent(warehouse, "web_shop:account:3") == [("ad_user_data", "meta", False)]
    assert consent(warehouse, "pos:receipt:r4") == []


def test_who_was_never_asked_has_no_row(warehouse: Warehouse) -> None:
    """Silence gives no row, and no row is not granted."""
    assert consent(warehouse, "salesforce:contact:k2") == []


def test_a_failure_names_nodes_and_causes_but_no_values(make_world: Callable[..., RunContext], tmp_path: Path) -> None:
    """What went wrong is said by name and count; values that errors quote stay out of error and files."""
    run = make_world(tmp_path / "data", {"consents__decisions": [answer("twice", ADA, True, BEFORE)] * 2})
    with open_warehouse(run.settings) as warehouse:
        warehouse.execute("drop table lake.ga4__events")
        warehouse.execute("alter table lake.salesforce__contacts rename to contacts_as_text")
        warehouse.execute("insert into lake.contacts_as_text (id) values ('eve@shop.test')")
        columns = "* exclude (last_modified_at), id::timestamp as last_modified_at"
        warehouse.execute(f"create view lake.salesforce__contacts as select {columns} from lake.contacts_as_text")

    with pytest.raises(C360Error) as raised:
        build(run, "staging")

    said = str(raised.value)
    assert "unique_stg_consents__consents_consent_id: Got 1 result" in said
    assert "Catalog Error: Table with name ga4__events does not exist!" in said
    assert "Conversion Error, withheld" in said
    log = log_path(run.settings, "staging").read_text()
    assert "Conversion Error, withheld" in log
    assert "eve@" not in said + log
    left = [path for path in target_dir(run.settings).rglob("*") if path.is_file()]
    assert len(left) > 10
    assert not [path for path in left if b"eve@" in path.read_bytes()]


def test_a_held_warehouse_is_said_to_be_held(world: RunContext, warehouse: Warehouse) -> None:
    """When another process has the file, the step says that instead of naming every model."""
    with pytest.raises(WarehouseLocked, match="Another process holds"):
        build(world, "staging")


def copied(world: RunContext, folder: Path) -> RunContext:
    """The same world in another folder, to be changed there."""
    shutil.copytree(world.settings.data_dir, folder / "data")
    return replace(world, settings=world.settings.model_copy(update={"data_dir": folder / "data"}))


def test_a_grant_after_the_merge_was_known_wins(world: RunContext, tmp_path: Path) -> None:
    """Ben's no at the till stands until he says yes once his records are known for one person's; then he is heard."""
    ben = (
        "select is_granted from privacy.customer_consents semi join (from identity.dim_identities where record_id = ?)"
    )
    ben_at_the_till = [f"{ben} using (customer_id)", ["consents:subject:s_ben_card"]]
    tomorrow = replace(copied(world, tmp_path), as_of=date(2026, 7, 2))
    with open_warehouse(tomorrow.settings) as opened:
        assert opened.rows(*ben_at_the_till) == [(False,)]
        marks = answer("d7", BEN_AT_HOME, True, "2026-07-01 12:00:00")
        opened.execute(
            f"insert into lake.consents__decisions ({', '.join(marks)}) values ({', '.join('?' for _ in marks)})",
            list(marks.values()),
        )
    identify(tomorrow)
    command, environment = dbt_command(
        tomorrow, ["run", "--select", "path:models/identity/dim_*", "path:models/privacy"]
    )
    subprocess.run(command, env=environment, capture_output=True, check=True)

    with open_warehouse(tomorrow.settings) as opened:
        assert opened.rows(*ben_at_the_till) == [(True,)]


DAMAGE = (
    # A record is nobody's; another is put with a stranger to whom nothing ties it.
    "delete from identity.dim_identities where record_id = 'salesforce:contact:k2'",
    """update identity.dim_identities set customer_id = (
        select customer_id from identity.dim_identities where record_id = 'pos:loyalty:100'
    ) where record_id = 'salesforce:contact:k3'""",
    # A link ties two customers, and one that held a customer together is lost.
    """insert into pipeline.identity_edges by name
        select 'pos:loyalty:100' as left_record_id, 'pos:loyalty:200' as right_record_id""",
    "delete from pipeline.identity_edges where rule = 'phone'",
    # A customer was merged away and is there, another was never born.
    """insert into identity.identity_log by name
        select 'merge' as event, min(customer_id) as other_customer_id from identity.dim_identities""",
    "delete from identity.identity_log where event = 'create' and record_count = 1",
    "insert into pipeline.identity_refused_merges by name select 'nobody' as left_record_id",
    "update identity.int_identity__records set record_id = 'web_shop:x@shop.test' where record_id = 'pos:receipt:r4'",
    # A no becomes a yes, one of a customer's own and one of somebody who may be this customer.
    "update privacy.customer_consents set is_granted = true",
    """insert into privacy.int_privacy__shared_refusals by name
        select customer_id, purpose, recipient, timestamp '2027-01-01' as refused_at from privacy.customer_consents""",
)


def test_every_sentence_about_identity_and_consent_can_fail(world: RunContext, tmp_path: Path) -> None:
    """Each `assert_...` test of the two rooms notices tables that were damaged in the way it speaks of."""
    damaged = copied(world, tmp_path)
    with open_warehouse(damaged.settings) as opened:
        for statement in DAMAGE:
            opened.execute(statement)
    command, environment = dbt_command(damaged, ["test", "--select", *(f"path:tests/{room}" for room in ROOMS)])
    subprocess.run(command, env=environment, capture_output=True, check=False)
    results = json.loads((target_dir(damaged.settings) / "run_results.json").read_text(encoding="utf-8"))["results"]
    sentences = {path.stem for room in ROOMS for path in (PROJECT_DIR / "dbt_project/tests" / room).glob("*.sql")}

    assert len(sentences) >= 10
    assert {one["unique_id"].split(".")[2] for one in results if one["status"] == "fail"} == sentences


def test_analysts_find_every_column_of_identity_described() -> None:
    """What is public of the two rooms enforces its contract and says what each column means."""
    files = [path for room in ROOMS for path in (PROJECT_DIR / "dbt_project/models" / room).glob("*.yml")]
    models = [model for path in files for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]]
    public = [model for model in models if model.get("access") == "public"]

    assert len(public) >= 8
    for model in public:
        assert model["config"]["contract"] == {"enforced": True}, model["name"]
        assert all(column.get("description") and column["data_type"] for column in model["columns"]), model["name"]
