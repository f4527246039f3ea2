"""The whole line, from landed files to export and report, by the real components."""

import csv
import gzip
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Hashable, Iterable
from decimal import Decimal
from os import environ
from pathlib import Path

import duckdb
from sample.source_files import source_table
from shop import AS_OF, Shop, land_small_shop

from c360.core.settings import PROJECT_DIR
from c360.privacy.hashing import md5_hex
from c360.steps.daily import DAILY, task_id

Finished = tuple[Shop, subprocess.CompletedProcess[str]]


def warehouse_rows(shop: Shop, sql: str) -> list[tuple]:
    connection = duckdb.connect(str(shop.data_dir / "warehouse.duckdb"), read_only=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def published_tables(shop: Shop) -> dict[str, list[tuple]]:
    """Every row of every published table, by table."""
    connection = shop.published()
    try:
        names = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables order by all"
        ).fetchall()
        return {name: connection.execute(f"select * from {name} order by all").fetchall() for (name,) in names}
    finally:
        connection.close()


def landed_emails_and_phones(shop: Shop) -> set[str]:
    """Every e-mail and phone of the landed contacts and accounts, as typed and squeezed to lower case."""
    values: set[str] = set()
    for folder, files, columns in (
        ("salesforce", "Contact_*.csv", ("Email", "MobilePhone")),
        ("hubspot", "hubspot-crm-exports-contacts-*.csv", ("Email", "Phone Number")),
        ("web_shop", "accounts_*.csv", ("email", "phone")),
    ):
        for path in (shop.data_dir / "landing" / folder).glob(files):
            with path.open(encoding="utf-8", newline="") as lines:
                found = {(row.get(column) or "").strip() for row in csv.DictReader(lines) for column in columns}
            assert len(found) > 100, path
            values |= found
    return {form for value in values if len(value) > 6 for form in (value, value.lower())}


def test_every_row_read_is_accounted_for(finished_shop: Finished) -> None:
    """Rows read = accepted + duplicates + quarantined, per file, and every source arrived."""
    shop, _ = finished_shop
    files = warehouse_rows(
        shop,
        "select source_name, read_count, accepted_count + duplicate_count + quarantined_count "
        "from pipeline.ingest_files",
    )

    assert {source for source, _, _ in files} == {path.stem for path in (PROJECT_DIR / "contracts").glob("*.yml")}
    assert all(read == accounted for _, read, accounted in files)


def truth_rows(shop: Shop, name: str) -> list[dict[str, str]]:
    with (shop.data_dir / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def pair_count(groups: Iterable[Hashable]) -> int:
    """How many pairs of rows are of one group."""
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def test_identity_joins_records_and_respects_the_truth(finished_shop: Finished) -> None:
    """Of the pairs of records it joins hardly any is of two people, and few pairs of one person are left apart.

    Twins, families with one address and devices on which nobody signed in are among them.
    """
    shop, _ = finished_shop
    identities = dict(warehouse_rows(shop, "select record_id, customer_id from identity.dim_identities"))
    found = [
        (identities[row["record_id"]], row["person_id"])
        for row in truth_rows(shop, "records")
        if row["record_id"] in identities
    ]
    right = pair_count(found)

    assert len(set(identities.values())) < 0.8 * len(identities)
    assert right > 5000
    assert right >= 0.995 * pair_count(customer for customer, _ in found)
    assert right >= 0.93 * pair_count(person for _, person in found)


def test_devices_are_their_owners_and_tablets_nobodys(finished_shop: Finished) -> None:
    """Most devices of one person are that person's customer; a store's tablet is a customer that nobody else is."""
    shop, _ = finished_shop
    identities = dict(warehouse_rows(shop, "select record_id, customer_id from identity.dim_identities"))
    people = {row["record_id"]: row["person_id"] for row in truth_rows(shop, "records")}
    anonymous = {
        row[0] for row in warehouse_rows(shop, "select customer_id from customer_360.customer_360 where is_anonymous")
    }
    known = {
        (identities[record], person)
        for record, person in people.items()
        if ":device:" not in record and record in identities
    }
    devices = {
        (identities[record], person)
        for record, person in people.items()
        if ":device:" in record and record in identities
    }
    tablets = {
        identities[record]
        for row in truth_rows(shop, "shared_identifiers")
        if row["identifier_type"] == "anonymous_id"
        if (record := f"ga4:device:{md5_hex(row['identifier_value'])}") in identities
    }

    assert len(devices) > 100
    assert len(devices & known) > 0.75 * len(devices)
    assert {customer for customer, _ in devices - known} <= anonymous
    assert tablets
    assert tablets <= anonymous


def csv_amounts(shop: Shop, source: str, name: str) -> Decimal:
    """The sum of the lines of a table's landed files that an ingest accepts, each once."""
    table = source_table(shop.data_dir, source, name)
    return sum((Decimal(amount) for amount in table.values("line_amount")), Decimal())


def shopify_amounts(shop: Shop) -> Decimal:
    """What the newest version of every order asks for, less what was paid back."""
    orders = sorted(source_table(shop.data_dir, "shopify", "orders").rows, key=lambda order: order["updated_at"])
    total = Decimal()
    for order in {order["id"]: order for order in orders}.values():
        refunded = [line["subtotal"] for refund in order["refunds"] for line in refund["refund_line_items"]]
        total += Decimal(order["total_price"]) - sum(Decimal(str(amount)) for amount in refunded)
    return total


def test_revenue_equals_the_landed_files(finished_shop: Finished) -> None:
    """What each shop sold and took back, in customer 360's facts, equals its files to the cent."""
    shop, _ = finished_shop
    in_facts = dict(
        warehouse_rows(
            shop, "select source_name, sum(line_amount) from customer_360.fct_order_lines group by source_name"
        )
    )

    assert all(in_facts.values())
    assert in_facts == {
        "pos": csv_amounts(shop, "pos", "receipt_lines"),
        "web_shop": csv_amounts(shop, "web_shop", "order_lines"),
        "shopify": shopify_amounts(shop),
    }


def test_nobody_without_consent_is_exported(finished_shop: Finished) -> None:
    """Every member written to a payload has granted both ad purposes to that destination; somebody was written."""
    shop, _ = finished_shop
    written = warehouse_rows(shop, "select count(*) from pipeline.export_results where status = 'written'")
    without_consent = warehouse_rows(
        shop,
        """
        select count(*) from pipeline.export_results as result
        where (
            select count(*) from privacy.customer_consents as consent
            where consent.customer_id = result.customer_id and consent.recipient = result.destination_name
                and consent.purpose in ('ad_user_data', 'ad_personalization') and consent.is_granted
        ) < 2
        """,
    )

    assert written[0][0] > 0
    assert without_consent == [(0,)]


def test_the_holdout_is_never_exported(finished_shop: Finished) -> None:
    """People held back to measure lift are in no payload of their audience, for no destination."""
    shop, _ = finished_shop
    held_out = "select audience_name, customer_id from pipeline.audience_members where status = 'held_out'"
    exported = f"select 1 from pipeline.export_results semi join ({held_out}) using (audience_name, customer_id)"

    assert warehouse_rows(shop, held_out)
    assert warehouse_rows(shop, exported) == []


def test_payloads_on_disk_hold_what_the_results_say(finished_shop: Finished) -> None:
    """The members counted in the payload files are the rows recorded as written."""
    shop, _ = finished_shop
    google = shop.data_dir / "exports" / AS_OF / "google_ads"
    meta = shop.data_dir / "exports" / AS_OF / "meta"
    sent = {
        "google_ads": sum(len(_read(path)["audienceMembers"]) for path in google.glob("*/batch_*.json")),
        "meta": sum(len(_read(path)["payload"]["data"]) for path in meta.glob("*/batch_*.json")),
    }
    recorded = dict(
        warehouse_rows(
            shop,
            "select destination_name, count(*) from pipeline.export_results where status = 'written' group by all",
        )
    )

    assert sent == recorded


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def test_no_personal_value_leaves_the_protected_rooms(finished_shop: Finished) -> None:
    """No landed e-mail or phone is in the published tables, the terminal, the report, the exports or dbt's logs."""
    shop, finished = finished_shop
    secrets = landed_emails_and_phones(shop)
    texts = {"terminal": finished.stdout + finished.stderr}
    texts |= {name: repr(rows) for name, rows in published_tables(shop).items()}
    for folder in ("reports", "exports", "logs", "artifacts"):
        for path in (shop.data_dir / folder).rglob("*"):
            if path.is_file():
                texts[str(path)] = path.read_bytes().decode("utf-8", errors="replace")

    assert len(secrets) > 300
    assert {"customer_360.customer_360", "terminal"} <= set(texts)
    assert [name for name, text in texts.items() if any(secret in text for secret in secrets)] == []


def test_the_summary_prints_true_figures(finished_shop: Finished) -> None:
    """Figures in the terminal equal the tables they speak of."""
    shop, finished = finished_shop
    [(read,)] = warehouse_rows(shop, "select sum(read_count) from pipeline.ingest_files where source_name = 'pos'")
    [(records, customers)] = warehouse_rows(
        shop, "select count(*), count(distinct customer_id) from identity.dim_identities"
    )

    assert f"{records:,} records before, {customers:,} customers after" in finished.stdout
    assert re.search(rf"pos\s.*\b{read:,}\b", finished.stdout)
    assert str(shop.data_dir / "reports" / f"{AS_OF}.html") in finished.stdout


def test_the_summary_of_another_day_is_refused(finished_shop: Finished) -> None:
    """Figures of one day are never shown under the date of another."""
    shop, _ = finished_shop
    refused = shop.run("summary", "--as-of", "2026-06-30")

    assert refused.returncode == 2
    assert "speaks about 2026-07-01" in refused.stderr


def test_running_again_changes_nothing(finished_shop: Finished, tmp_path: Path) -> None:
    """A second run of the same day gives the same published version, payloads and report, byte for byte."""
    shop, _ = finished_shop
    again = Shop(tmp_path / "again")
    shutil.copytree(shop.data_dir, again.data_dir)
    before = _files(again)
    finished = again.run("run", "--as-of", AS_OF)

    assert finished.returncode == 0, finished.stderr
    assert before
    assert _files(again) == before


def _files(shop: Shop) -> dict[str, bytes]:
    folders = ("published", "exports", "reports", "lake", "identity")
    return {
        str(path.relative_to(shop.data_dir)): path.read_bytes()
        for folder in folders
        for path in (shop.data_dir / folder).rglob("*")
        if path.is_file()
    }


def kill_points() -> list[str]:
    """The steps in which a run is killed; all of them when asked for, which takes some minutes."""
    if environ.get("KILL_IN_EVERY_STEP"):
        return [task_id(step) for step in DAILY]
    return ["ingest", "identify", "build_customer_360", "publish"]


def test_a_killed_run_gives_the_same_tables_when_run_again(finished_shop: Finished, tmp_path: Path) -> None:
    """Killed in one step after the other and run again, it publishes what an undisturbed run publishes."""
    undisturbed, _ = finished_shop
    shop = land_small_shop(tmp_path / "killed")
    for step in kill_points():
        kill_in_step(shop, step)
    finished = shop.run("run", "--as-of", AS_OF)

    assert finished.returncode == 0, finished.stderr
    assert published_tables(shop) == published_tables(undisturbed)


def kill_in_step(shop: Shop, step: str) -> None:
    """Run the pipeline and kill it, and it alone, a moment after the log says the step has started."""
    with subprocess.Popen(
        [sys.executable, "-m", "c360", "run", "--as-of", AS_OF],
        env=environ | {"C360_DATA_DIR": str(shop.data_dir)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        started = any("step_started" in line and f'"{step}"' in line for line in process.stderr)
        time.sleep(0.2)
        process.kill()

    assert started
    assert process.returncode == -signal.SIGKILL


def test_a_failing_gate_leaves_the_published_version(finished_shop: Finished, tmp_path: Path) -> None:
    """When orders stop arriving the gate ends the run with exit code 3 and consumers keep what they had."""
    shop, _ = finished_shop
    stale = Shop(tmp_path / "stale", contracts_without_freshness(tmp_path / "contracts"))
    shutil.copytree(shop.data_dir, stale.data_dir)
    before = published_tables(stale)
    finished = stale.run("run", "--as-of", "2026-08-15")

    assert finished.returncode == 3
    assert "the newest order is recent" in finished.stderr
    assert published_tables(stale) == before


def contracts_without_freshness(folder: Path) -> Path:
    """The shop's contracts, from sources that may be late for ever."""
    folder.mkdir()
    found = 0
    for path in (PROJECT_DIR / "contracts").glob("*.yml"):
        text, count = re.subn(r"(?m)^ +freshness:.*\n", "", path.read_text(encoding="utf-8"))
        (folder / path.name).write_text(text, encoding="utf-8")
        found += count
    assert found > 3
    return folder


def test_a_source_that_stops_arriving_stops_the_run(finished_shop: Finished, tmp_path: Path) -> None:
    """A source that is older than its contract allows ends the run with exit code 2, by name and with whom to ask."""
    shop, _ = finished_shop
    stale = Shop(tmp_path / "stale")
    shutil.copytree(shop.data_dir, stale.data_dir)
    before = published_tables(stale)
    finished = stale.run("run", "--as-of", "2026-08-15")

    assert finished.returncode == 2
    assert "pos.receipt_lines: its newest event" in finished.stderr
    assert "Ask stores-team" in finished.stderr
    assert published_tables(stale) == before


def test_a_truncated_file_stops_the_run_and_names_the_file(finished_shop: Finished, tmp_path: Path) -> None:
    """A torn delivery is refused by name with exit code 2; what was published stays."""
    shop, _ = finished_shop
    torn = Shop(tmp_path / "torn")
    shutil.copytree(shop.data_dir, torn.data_dir)
    before = published_tables(torn)
    whole = min((torn.data_dir / "landing" / "pos").glob("receipt_lines_*.csv.gz"))
    late = whole.with_name("receipt_lines_2026-07-02.csv.gz")
    packed = gzip.compress(gzip.decompress(whole.read_bytes()) + b"\n")
    late.write_bytes(packed[: len(packed) // 2])
    finished = torn.run("run", "--as-of", "2026-07-02")

    assert finished.returncode == 2
    assert late.name in finished.stderr
    assert published_tables(torn) == before
