"""The web shop's nightly export: accounts, orders with the buyer as typed at the checkout, and their lines."""

import numpy as np
import pandas as pd
import pyarrow as pa

from c360.sample.draws import happens
from c360.sample.landing.columns import money, numbered, only_where, text, utc
from c360.sample.landing.written import emails, names, phones, versions
from c360.sample.people import as_known
from c360.sample.raw_table import (
    CUT_OFF,
    DUPLICATE,
    RawTable,
    invalid_email,
    invalid_phone,
    unparsable_amount,
    unparsable_date,
)
from c360.sample.story import Story
from c360.sample.world import Writing

SOURCE = "web_shop"


def write(rng: np.random.Generator, story: Story, writing: Writing) -> list[RawTable]:
    """Accounts, orders and order lines."""
    return [_accounts(rng, story, writing), _orders(rng, story, writing), _order_lines(story)]


def _accounts(rng: np.random.Generator, story: Story, writing: Writing) -> RawTable:
    holders = np.flatnonzero(story.people["account_id"].notna())
    person, created, updated = versions(rng, holders, story, writing.spelling.changed_share)
    buyer = as_known(story.people, person, updated)
    first, last = names(rng, buyer, writing)
    rows = {
        "account_id": text(buyer["account_id"]),
        "email": emails(rng, buyer["email"], writing),
        "phone": phones(rng, buyer, writing, writing.completeness.account_phone_share),
        "first_name": first,
        "last_name": last,
        "postal_code": text(buyer["postal_code"]),
        "country_code": text(buyer["country_code"]),
        "created_at": utc(story.timeline.web_times(created)),
        "updated_at": utc(story.timeline.web_times(updated)),
    }
    faults = (DUPLICATE, CUT_OFF, invalid_email("email"), invalid_phone("phone"))
    return RawTable(SOURCE, "accounts", "csv", pa.table(rows), faults=faults)


def _orders(rng: np.random.Generator, story: Story, writing: Writing) -> RawTable:
    orders = story.purchases.orders
    web = orders[~orders["is_store"].to_numpy(dtype=bool)].reset_index(drop=True)
    buyer = as_known(story.people, web["person"].to_numpy(), web["day"].to_numpy())
    has_email = happens(rng, writing.completeness.order_email_share, len(web))
    has_phone = happens(rng, writing.completeness.order_phone_share, len(web)) | ~has_email
    first, last = names(rng, buyer, writing)
    rows = {
        "order_id": text(web["order_id"]),
        "account_id": only_where(text(buyer["account_id"]), web["is_signed_in"].to_numpy(dtype=bool)),
        "email": emails(rng, buyer["email"], writing, has_email),
        "phone": phones(rng, buyer, writing, has_phone),
        "first_name": first,
        "last_name": last,
        "postal_code": text(buyer["postal_code"]),
        "country_code": text(buyer["country_code"]),
        "currency_code": text(web["currency_code"]),
        "ordered_at": utc(story.timeline.web_times(web["day"].to_numpy())),
    }
    faults = (DUPLICATE, CUT_OFF, unparsable_date("ordered_at"), invalid_email("email"), invalid_phone("phone"))
    return RawTable(SOURCE, "orders", "csv", pa.table(rows), faults=faults)


def _order_lines(story: Story) -> RawTable:
    lines = lines_of(story, is_store=False)
    rows = {
        "order_id": text(lines["order_id"]),
        "line_number": numbered("", lines["line_number"].to_numpy()),
        "sku": text(lines["sku"]),
        "category": text(lines["category"]),
        "quantity": numbered("", lines["quantity"].to_numpy()),
        "unit_price_amount": money(lines["unit_cents"]),
        "line_amount": money(lines["quantity"] * lines["unit_cents"]),
        "ordered_at": utc(story.timeline.web_times(lines["day"].to_numpy())),
    }
    faults = (DUPLICATE, CUT_OFF, unparsable_amount("line_amount"))
    return RawTable(SOURCE, "order_lines", "csv.gz", pa.table(rows), faults=faults)


def lines_of(story: Story, *, is_store: bool) -> pd.DataFrame:
    """The lines of one channel with `order_id`, `sku` and `category`."""
    orders, lines, products = story.purchases.orders, story.purchases.lines, story.products
    chosen = lines[orders["is_store"].to_numpy(dtype=bool)[lines["order"]] == is_store].reset_index(drop=True)
    product = chosen["product"].to_numpy()
    return pd.DataFrame(chosen).assign(
        order_id=orders["order_id"].iloc[chosen["order"].to_numpy()].reset_index(drop=True),
        sku=products["sku"].iloc[product].reset_index(drop=True),
        category=products["category"].iloc[product].reset_index(drop=True),
    )
