"""Un-merging by the real components: what somebody decides is carried out in every table that follows from identity."""

import shutil
import subprocess
from pathlib import Path

import duckdb
from shop import AS_OF, Shop

Finished = tuple[Shop, subprocess.CompletedProcess[str]]


def published_rows(shop: Shop, sql: str) -> list[tuple]:
    connection = shop.published()
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def orders_by_customer(shop: Shop) -> dict[str, tuple[int, object]]:
    rows = published_rows(shop, "select customer_id, order_count, revenue_amount from customer_360.customer_360")
    return {customer_id: (orders, revenue or 0) for customer_id, orders, revenue in rows}


def test_a_split_corrects_customer_360_scores_and_audiences(finished_shop: Finished, tmp_path: Path) -> None:
    """A guest order that is somebody else's takes its order along; nobody is left who is not there any more."""
    finished, _ = finished_shop
    shop = Shop(tmp_path / "shop", finished.contracts_dir)
    shutil.copytree(finished.data_dir, shop.data_dir)
    before = orders_by_customer(shop)
    [(customer, record)] = published_rows(
        shop,
        """
        select customer_id, max(record_id) filter (record_id like 'web_shop:order:%') as record_id
        from identity.dim_identities join customer_360.customer_360 using (customer_id)
        where order_count >= 3 group by all having record_id is not null order by all limit 1
        """,
    )

    decided = shop.run("identity", "split", customer, "--record", record, "--as-of", AS_OF)
    assert decided.returncode == 0, decided.stderr
    again = shop.run("run", "--as-of", AS_OF)
    assert again.returncode == 0, again.stderr

    [(parted,)] = published_rows(shop, f"select customer_id from identity.dim_identities where record_id = '{record}'")
    after = orders_by_customer(shop)
    assert parted not in before
    assert after.keys() == before.keys() | {parted}
    assert after[parted][0] >= 1
    assert [after[customer][one] + after[parted][one] for one in (0, 1)] == list(before[customer])
    assert {one for one in before if after[one] != before[one]} == {customer}
    assert ghosts(shop) == {}


def ghosts(shop: Shop) -> dict[str, int]:
    """How many customer ids without a record stand in each table and view of the warehouse, but for the log."""
    with duckdb.connect(str(shop.data_dir / "warehouse.duckdb"), read_only=True) as warehouse:
        tables = warehouse.execute("""
            select table_schema || '.' || table_name from information_schema.columns
            where column_name = 'customer_id' and table_name <> 'identity_log'
                and table_schema not in ('lake', 'staging') -- there it is a shop's own number
        """).fetchall()
        assert {"pipeline.scores", "pipeline.audience_members", "customer_360.customer_360"} <= {
            one for (one,) in tables
        }
        counts = {
            table: warehouse.execute(f"""
                select count(*) from (select distinct customer_id from {table} where customer_id is not null)
                anti join pipeline.identity_clusters using (customer_id)
            """).fetchall()[0][0]
            for (table,) in tables
        }
    return {table: count for table, count in counts.items() if count}
