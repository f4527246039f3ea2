"""The outlet shop's customers and orders as the Admin REST API of Shopify returns them, one object a line."""

import numpy as np
import pandas as pd
import pyarrow as pa

from c360.sample.draws import Positions, happens
from c360.sample.encounters.encounters import Encounters
from c360.sample.encounters.messages import has_consented
from c360.sample.encounters.outlet import OutletOrders
from c360.sample.landing.columns import (
    chosen,
    joined,
    lists,
    money,
    numbered,
    only_where,
    struct,
    taken,
    text,
    with_offset,
)
from c360.sample.people import as_known
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, invalid_email, invalid_phone, unparsable_date
from c360.sample.story import Story
from c360.sample.world import World, Writing

SOURCE = "shopify"
FIRST_ORDER_NAME = 1001
"""The number behind the # of a shop's first order."""
LINES_PER_BLOCK = 10**6
"""Room for the line items of a block among Shopify's numbers."""
LINE_BASE, REFUND_BASE, REFUND_LINE_BASE, PRODUCT_BASE = 14 * 10**12, 9 * 10**11, 4 * 10**11, 8 * 10**12
CONSENT_STATES = ("not_subscribed", "subscribed")


def write(rng: np.random.Generator, story: Story, encounters: Encounters, world: World) -> list[RawTable]:
    """Customers and orders; a refund makes a new version of its order."""
    return [
        _customers(rng, story, encounters.outlet, world.writing),
        _orders(rng, story, encounters.outlet, world.writing),
    ]


def _customers(rng: np.random.Generator, story: Story, outlet: OutletOrders, writing: Writing) -> RawTable:
    """A customer's row is written when they first order, and again when they last do."""
    place = np.full(len(story.people), -1)
    place[outlet.customers] = np.arange(len(outlet.customers))
    ordered = outlet.orders[~outlet.orders["is_guest"].to_numpy(dtype=bool)]
    first = ordered.drop_duplicates("person", keep="first")
    last = ordered.drop_duplicates("person", keep="last")
    last = last[(last["number"].to_numpy() > 0) & ~last.index.isin(first.index)]
    created = pd.Series(first["day"].to_numpy(), index=first["person"].to_numpy())
    rows = pd.concat([first, last]).sort_values("day", kind="stable")
    person, day = rows["person"].to_numpy(), rows["day"].to_numpy()
    customer = as_known(story.people, person, day)
    created_day = created.loc[person].to_numpy()
    says_yes = has_consented(story, person, day)
    first_name, last_name = text(customer["first_name"]), text(customer["last_name"])
    phone = _e164(customer, happens(rng, writing.completeness.account_phone_share, len(story.people))[person])
    columns = {
        "id": pa.array(outlet.customer_ids[place[person]]),
        "email": text(customer["email"]),
        "created_at": with_offset(story.timeline.web_times(created_day)),
        "updated_at": with_offset(story.timeline.web_times(day)),
        "first_name": first_name,
        "last_name": last_name,
        "orders_count": pa.array(_so_far(rows, ordered)),
        "state": chosen(("enabled",), np.zeros(len(rows), dtype="int64")),
        "verified_email": pa.array(np.ones(len(rows), dtype=bool)),
        "phone": phone,
        "tags": pa.array(np.full(len(rows), "")),
        "currency": text(customer["currency_code"]),
        "email_marketing_consent": struct(
            {
                "state": chosen(CONSENT_STATES, says_yes.astype("int64")),
                "opt_in_level": chosen(("single_opt_in",), np.zeros(len(rows), dtype="int64")),
                "consent_updated_at": only_where(with_offset(story.timeline.web_times(created_day)), says_yes),
            }
        ),
        "default_address": _address(customer),
    }
    faults = (DUPLICATE, CUT_OFF, unparsable_date("updated_at"), invalid_email("email"), invalid_phone("phone"))
    return RawTable(SOURCE, "customers", "jsonl", pa.table(columns), faults=faults)


def _so_far(rows: pd.DataFrame, ordered: pd.DataFrame) -> Positions:
    """How many orders each customer had placed by each row: they are numbered per person, out of time."""
    nth = ordered.groupby("person").cumcount() + 1
    return np.asarray(nth.loc[rows.index], dtype=np.int64)


def _address(people: pd.DataFrame) -> pa.StructArray:
    return struct(
        {
            "first_name": text(people["first_name"]),
            "last_name": text(people["last_name"]),
            "address1": text(people["street"]),
            "address2": pa.nulls(len(people), pa.string()),
            "city": text(people["city"]),
            "zip": text(people["postal_code"]),
            "country_code": text(people["country_code"]),
        }
    )


def _e164(people: pd.DataFrame, is_known: np.ndarray) -> pa.StringArray:
    """`+33612345678`: Shopify keeps numbers in no other form."""
    return only_where(text(people["phone_international"].str.replace(" ", "", regex=False)), is_known)


def _orders(rng: np.random.Generator, story: Story, outlet: OutletOrders, writing: Writing) -> RawTable:
    versions = _versions(outlet)
    order, day = versions["order"].to_numpy(), versions["day"].to_numpy()
    orders = outlet.orders.iloc[order].reset_index(drop=True)
    person, ordered_day = orders["person"].to_numpy(), orders["day"].to_numpy()
    buyer = as_known(story.people, person, ordered_day)
    place = np.full(len(story.people), -1)
    place[outlet.customers] = np.arange(len(outlet.customers))
    is_customer = ~orders["is_guest"].to_numpy(dtype=bool)
    is_cancelled = orders["is_cancelled"].to_numpy(dtype=bool)
    created = with_offset(story.timeline.web_times(ordered_day))
    first_order = FIRST_ORDER_NAME + story.block.number * LINES_PER_BLOCK
    phone_known = happens(rng, writing.completeness.order_phone_share, len(outlet.orders))[order]
    ids = outlet.customer_ids[place[person]] if len(outlet.customers) else place[person]
    totals = _totals(outlet)[order]
    columns = {
        "id": pa.array(outlet.order_ids[order]),
        "name": numbered("#", first_order + order),
        "email": text(buyer["email"]),
        "phone": _e164(buyer, phone_known),
        "created_at": created,
        "updated_at": with_offset(story.timeline.web_times(day)),
        "cancelled_at": only_where(with_offset(story.timeline.web_times(day)), is_cancelled),
        "currency": text(buyer["currency_code"]),
        "total_price": money(totals[:, 0] - totals[:, 1]),
        "total_discounts": money(totals[:, 1]),
        "financial_status": chosen(
            ("paid", "partially_refunded", "refunded", "voided"), _status(versions, outlet, is_cancelled)
        ),
        "customer": struct({"id": pa.array(ids), "email": text(buyer["email"])}, mask=~is_customer),
        "shipping_address": _address(buyer),
        "line_items": _line_items(story, outlet, order),
        "refunds": _refunds(story, outlet, versions),
    }
    faults = (DUPLICATE, CUT_OFF, unparsable_date("updated_at"), invalid_email("email"), invalid_phone("phone"))
    return RawTable(SOURCE, "orders", "jsonl", pa.table(columns), faults=faults)


def _versions(outlet: OutletOrders) -> pd.DataFrame:
    """Every state of every order, in order of time: as placed, and after its refund: `order`, `day`, `is_refund`.

    All lines of an order that are sent back come in one parcel.
    """
    lines = outlet.lines[outlet.lines["is_refunded"].to_numpy(dtype=bool)]
    refunded = lines.groupby("order")["refund_day"].max()
    count = len(outlet.orders)
    versions = pd.DataFrame(
        {
            "order": np.concatenate([np.arange(count), refunded.index.to_numpy()]),
            "day": np.concatenate([outlet.orders["day"].to_numpy(), refunded.to_numpy()]),
            "is_refund": np.arange(count + len(refunded)) >= count,
        }
    )
    return versions.sort_values("day", kind="stable", ignore_index=True)


def _totals(outlet: OutletOrders) -> np.ndarray:
    """Cents before discounts and discounts of each order."""
    lines, count = outlet.lines, len(outlet.orders)
    columns = (lines["quantity"] * lines["unit_cents"], lines["discount_cents"])
    return np.column_stack([np.bincount(lines["order"], weights=cents, minlength=count) for cents in columns]).astype(
        "int64"
    )


def _status(versions: pd.DataFrame, outlet: OutletOrders, is_cancelled: np.ndarray) -> Positions:
    lines, count = outlet.lines, len(outlet.orders)
    kept = np.bincount(lines["order"], weights=~lines["is_refunded"].to_numpy(dtype=bool), minlength=count)
    is_refund = versions["is_refund"].to_numpy()
    refunded = np.where(kept[versions["order"].to_numpy()] > 0, 1, 2)
    return np.where(is_cancelled, 3, np.where(is_refund, refunded, 0))


def _spread_lines(outlet: OutletOrders, order: Positions) -> tuple[Positions, Positions]:
    """The positions of the lines of each of `order`, one order after the other, and how many each has."""
    counts = np.bincount(outlet.lines["order"], minlength=len(outlet.orders))
    starts = np.cumsum(counts) - counts
    wanted = counts[order]
    first = np.repeat(starts[order] - (np.cumsum(wanted) - wanted), wanted)
    return first + np.arange(wanted.sum()), wanted


def _line_items(story: Story, outlet: OutletOrders, order: Positions) -> pa.ListArray:
    position, counts = _spread_lines(outlet, order)
    lines = outlet.lines.iloc[position]
    product = lines["product"].to_numpy()
    sku = taken(story.products["sku"], product)
    items = struct(
        {
            "id": pa.array(_line_ids(story, position)),
            "product_id": pa.array(PRODUCT_BASE + product),
            "sku": sku,
            "title": joined(taken(story.products["category"], product), " ", sku),
            "vendor": chosen(("Outlet",), np.zeros(len(lines), dtype="int64")),
            "quantity": pa.array(lines["quantity"].to_numpy()),
            "price": money(lines["unit_cents"]),
            "total_discount": money(np.zeros(len(lines))),
            "discount_allocations": _allocations(lines["discount_cents"].to_numpy()),
        }
    )
    return lists(items, counts)


def _allocations(cents: Positions) -> pa.ListArray:
    """The part of the order's discount that falls on each line, where there is one."""
    is_discounted = cents > 0
    share = struct(
        {
            "amount": money(cents[is_discounted]),
            "discount_application_index": pa.array(np.zeros(int(is_discounted.sum()), dtype="int64")),
        }
    )
    return lists(share, is_discounted.astype("int64"))


def _line_ids(story: Story, position: Positions) -> Positions:
    return LINE_BASE + story.block.number * LINES_PER_BLOCK + position


def _refunds(story: Story, outlet: OutletOrders, versions: pd.DataFrame) -> pa.ListArray:
    """No refunds in an order as placed, and one with all that came back in its later version."""
    is_refund = versions["is_refund"].to_numpy()
    order, day = versions["order"].to_numpy()[is_refund], versions["day"].to_numpy()[is_refund]
    position, counts = _spread_lines(outlet, order)
    comes_back = outlet.lines["is_refunded"].to_numpy(dtype=bool)[position]
    number = np.repeat(np.arange(len(order)), counts)[comes_back]
    position = position[comes_back]
    lines = outlet.lines.iloc[position]
    cents = lines["quantity"] * lines["unit_cents"] - lines["discount_cents"]
    returned = struct(
        {
            "id": pa.array(REFUND_LINE_BASE + story.block.number * LINES_PER_BLOCK + position),
            "line_item_id": pa.array(_line_ids(story, position)),
            "quantity": pa.array(lines["quantity"].to_numpy()),
            "subtotal": pa.array(cents.to_numpy() / 100),
        }
    )
    refunds = struct(
        {
            "id": pa.array(REFUND_BASE + story.block.number * LINES_PER_BLOCK + order),
            "created_at": with_offset(story.timeline.web_times(day)),
            "refund_line_items": lists(returned, np.bincount(number, minlength=len(order))),
        }
    )
    return lists(refunds, is_refund.astype("int64"))
