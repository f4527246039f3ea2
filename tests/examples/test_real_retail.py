"""The real-retail example from landing to report: every row, coin and customer of the files is accounted for."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest

EXAMPLE_DIR = Path(__file__).parents[2] / "examples" / "real_retail"
README = (EXAMPLE_DIR / "README.md").read_text(encoding="utf-8")
COUNTED = re.compile(r"^\| .+ \| ([\d,]+) \| `(select .+)` \|$", re.MULTILINE)
LINES = '"Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"'


@dataclass(frozen=True)
class Finished:
    """What a whole run of the example left behind, and what it printed."""

    data_dir: Path
    said: str

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the run's warehouse."""
        with duckdb.connect(str(self.data_dir / "warehouse.duckdb"), read_only=True) as warehouse:
            return warehouse.execute(sql).fetchall()

    def published(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask what consumers see."""
        with duckdb.connect(str(self.data_dir / "published" / "c360.duckdb"), read_only=True) as version:
            return version.execute(sql).fetchall()


@pytest.fixture(scope="module")
def finished(
    land: ModuleType, complete_journey: Path, online_retail_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Finished:
    """The example after one whole run, with the web shop when its file is there. Tests only read it."""
    data_dir = tmp_path_factory.mktemp("real_retail")
    land.land(data_dir / "landing", online_retail_file if online_retail_file.is_file() else None)
    run = subprocess.run(
        [sys.executable, "-m", "c360", "run", "--as-of", str(land.EXPORT_DAY)],
        env=os.environ | {"C360_DATA_DIR": str(data_dir), "C360_CONTRACTS_DIR": str(EXAMPLE_DIR / "contracts")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return Finished(data_dir, run.stdout)


@pytest.fixture(scope="module")
def raw(finished: Finished, land: ModuleType) -> duckdb.DuckDBPyConnection:
    """The landed bytes read without c360: `receipts` and `invoices`, its lines as text with amount and treatment."""
    landing = finished.data_dir / "landing"
    engine = duckdb.connect()
    engine.execute(f"create view receipts as from '{landing}/complete_journey/transactions_{land.EXPORT_DAY}.parquet'")
    if (landing / "online_retail").exists():
        engine.execute(f"""
            create table invoices as
            with lines as (
                select *, "Quantity"::int * "Price"::decimal(18, 4) as amount,
                    "StockCode" ilike 'test%' or "Invoice" like 'A%'
                    or ("Price"::decimal(18, 4) = 0 and "Customer ID" is null) as is_refused
                from read_csv('{landing}/online_retail/*.csv.gz', all_varchar = true, header = true)
            )
            select *, not is_refused and row_number() over (partition by {LINES}) > 1 as is_duplicate from lines
        """)
    return engine


def only(rows: list[tuple[Any, ...]]) -> Any:
    """The value of an answer of one row and one column."""
    assert len(rows) == 1
    return rows[0][0]


def section(heading: str) -> str:
    """The part of the example's README under a heading."""
    return README.split(f"### {heading}\n")[1].split("\n#")[0]


def assert_counts_hold(heading: str, finished: Finished) -> None:
    counted = COUNTED.findall(section(heading))

    assert len(counted) >= 10
    assert {query: int(only(finished.rows(query))) for _, query in counted} == {
        query: int(count.replace(",", "")) for count, query in counted
    }


def test_every_row_of_every_file_is_accounted_for(finished: Finished) -> None:
    """Rows read = accepted + duplicates + quarantined, and the rows read are the rows of the files."""
    files = finished.rows(
        "select file_name, read_count, accepted_count + duplicate_count + quarantined_count from pipeline.ingest_files"
    )
    parquet = {
        path.name: only(duckdb.connect().execute("select count(*) from read_parquet(?)", [str(path)]).fetchall())
        for path in (finished.data_dir / "landing" / "complete_journey").iterdir()
    }

    assert len(parquet) == 7
    assert parquet.items() <= {name: read for name, read, _ in files}.items()
    assert all(read == accounted for _, read, accounted in files)


def test_the_readme_counts_the_stores_lines(finished: Finished) -> None:
    """Each number beside a query in the README is what the query gives."""
    assert_counts_hold("Stores", finished)


def test_the_readme_counts_the_web_shops_lines(online_retail: Path, finished: Finished) -> None:
    """Each number beside a query in the README is what the query gives."""
    assert_counts_hold("Web shop", finished)


def test_no_dollar_is_lost(finished: Finished, raw: duckdb.DuckDBPyConnection) -> None:
    """What the stores took is what the order lines say: the refused lines held no money."""
    taken = only(raw.execute("select sum(sales_value::decimal(18, 4)) from receipts").fetchall())

    assert taken == Decimal("4596039.58")
    assert taken == only(finished.rows("select sum(line_amount) from staging.stg_complete_journey__order_lines"))


def test_no_pound_is_lost(online_retail: Path, finished: Finished, raw: duckdb.DuckDBPyConnection) -> None:
    """Order lines + duplicates + refused lines = quantity times price of the whole file, as the README says."""
    whole = only(raw.execute("select sum(amount) from invoices").fetchall())
    duplicates = only(raw.execute("select sum(amount) from invoices where is_duplicate").fetchall())
    refused = only(raw.execute("select sum(amount) from invoices where is_refused").fetchall())
    staged = only(finished.rows("select sum(line_amount) from staging.stg_online_retail__order_lines"))

    assert round(whole, 2) == Decimal("19287232.57")
    assert staged + duplicates + refused == whole
    assert [f"| {amount:,.2f} |" in section("Web shop") for amount in (whole, duplicates, refused, staged)] == [
        True
    ] * 4


def test_every_household_is_a_customer(finished: Finished, raw: duckdb.DuckDBPyConnection) -> None:
    """The stores' households are the stores' customers, each of them one."""
    households = only(raw.execute("select count(distinct household_id) from receipts").fetchall())

    assert households == 2469
    assert households == only(
        finished.published(
            "select count(distinct customer_id) from identity.dim_identities where source_name = 'complete_journey'"
        )
    )


def test_every_web_customer_but_testers_is_a_customer(
    online_retail: Path, finished: Finished, raw: duckdb.DuckDBPyConnection
) -> None:
    """The shop's customer numbers are customers, apart from those that only ever had a test product."""
    numbers = 'select count(distinct "Customer ID") from invoices'

    assert only(raw.execute(numbers).fetchall()) == 5942
    assert only(raw.execute(f"{numbers} where not is_refused").fetchall()) == only(
        finished.published(
            "select count(distinct customer_id) from identity.dim_identities where source_name = 'online_retail'"
        )
    )


def test_the_stores_timestamps_are_utc(raw: duckdb.DuckDBPyConnection) -> None:
    """Read as New York time they fill 2017 and leave Christmas Day empty; as they stand they run into 2018."""
    clock = "timezone('America/New_York', timezone('UTC', transaction_timestamp))"
    days = {day for (day,) in raw.execute(f"select distinct {clock}::date::varchar from receipts").fetchall()}

    assert len(days) == 364
    assert {day[:4] for day in days} == {"2017"}
    assert "2017-12-25" not in days
    assert only(raw.execute("select max(transaction_timestamp)::varchar from receipts").fetchall()) > "2018"


def test_the_web_shop_moves_by_whole_weeks(online_retail: Path, finished: Finished) -> None:
    """The lake keeps the true moments; staging has the same moments 316 weeks later, weekday for weekday."""
    true_moments = finished.rows(
        "select invoice_date + interval 316 week, count(*) from lake.online_retail__invoice_lines group by 1 order by 1"
    )
    staged = finished.rows(
        "select ordered_at, count(*) from staging.stg_online_retail__order_lines group by 1 order by 1"
    )

    assert staged == true_moments
    assert (
        only(finished.rows("select max(invoice_date)::date::varchar from lake.online_retail__invoice_lines"))
        == "2011-12-09"
    )
    assert str(staged[-1][0].date()) == "2017-12-29"


def test_every_country_has_its_code(online_retail: Path, finished: Finished) -> None:
    """Only names that are no country with a code of its own stay without one."""
    without_code = finished.rows("""
        select distinct invoice_lines.country_name
        from staging.stg_online_retail__invoice_lines as invoice_lines
        join staging.stg_online_retail__records as records
            on records.record_id = 'online_retail:customer:' || invoice_lines.customer_number
            and records.updated_at = invoice_lines.ordered_at
        where records.country_code is null
    """)

    assert {name for (name,) in without_code} == {
        "Channel Islands", "European Community", "Unspecified", "West Indies"
    }  # fmt: skip


def test_what_is_sold_on_the_web_is_an_article(online_retail: Path, finished: Finished) -> None:
    """A sale or return has an article's stock code: five digits, or one of the shop's two other series."""
    others = finished.rows("""
        select distinct product_id from staging.stg_online_retail__order_lines
        where line_kind <> 'fee' and not regexp_matches(product_id, '^([0-9]{5}[A-Z]{0,2}|DCGS.+|SP1002)$')
    """)

    assert others == []


def test_the_run_ends_in_customers_segments_and_scores(finished: Finished) -> None:
    """Every customer is published with a segment, and whoever bought in the last year has a score."""
    customers, segments, buyers = finished.published(
        "select count(*), count(distinct rfm_segment), count(*) filter (order_365d_count > 0) "
        "from customer_360.customer_360"
    )[0]
    scored = only(
        finished.published("select count(distinct customer_id) from pipeline.scores where probability between 0 and 1")
    )

    assert customers == only(finished.rows("select count(distinct record_id) from identity.dim_identities"))
    assert segments >= 5
    assert scored == buyers >= 2469


def test_nobody_consented_so_nobody_is_exported(finished: Finished) -> None:
    """Each customer who meets an audience's condition is left out for want of consent, and the run says so."""
    reasons = finished.rows("select distinct status, split_part(reason, ':', 1) from pipeline.audience_members")
    audiences = finished.rows("select distinct audience_name, destination_name from pipeline.audience_members")

    assert reasons == [("excluded", "no_consent")]
    assert len(audiences) >= 2
    assert finished.rows("select * from pipeline.export_results where status = 'written'") == []
    assert all(f"{audience} to {destination} is empty" in finished.said for audience, destination in audiences)
