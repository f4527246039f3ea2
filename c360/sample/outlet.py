"""Who orders in the outlet shop, what, and what comes back."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from c360.sample.draws import Positions, happens, pick
from c360.sample.story import Story
from c360.sample.touchpoints import Outlet

REFUND_MIN_DAYS, REFUND_MAX_DAYS = 3.0, 21.0
"""When a line is sent back after its order."""


CUSTOMER_BASE, ORDER_BASE, SHOPIFY_ROOM = 7 * 10**12, 5 * 10**12, 9 * 10**11
"""Where Shopify's numbers of customers and orders begin, and how many there are."""


@dataclass(frozen=True)
class OutletOrders:
    """Everything ordered in the outlet shop."""

    customers: Positions
    """Positions of the people with an account there."""
    customer_ids: Positions
    orders: pd.DataFrame
    """In order of time: `person`, `number` (of the person's orders, from 0), `day`, `is_guest`, `is_cancelled`."""
    order_ids: Positions
    lines: pd.DataFrame
    """In order of their orders: `order` (position), `product` (position), `quantity`, `unit_cents`,
    `discount_cents`, `is_refunded`, `refund_day`."""


def order_in_outlet(rng: np.random.Generator, story: Story, outlet: Outlet) -> OutletOrders:
    """Every order of the outlet shop, between joining and dropping out."""
    people, block, timeline = story.people, story.block, story.timeline

    is_buyer = people["is_web"].to_numpy() & ~people["is_prospect"].to_numpy()
    shares = (outlet.customer_share, outlet.guest_share, 1 - outlet.customer_share - outlet.guest_share)
    kind = pick(rng, shares, len(people))
    start = np.maximum(people["joined_day"].to_numpy(), 0.0)
    end = np.minimum(people["dropped_out_day"].to_numpy(), timeline.day_count)
    is_buyer &= end > start
    buyers = np.flatnonzero(is_buyer & (kind < 2))
    orders = _orders(rng, buyers, start, end, outlet).assign(is_guest=lambda rows: kind[rows["person"]] == 1)
    customers = np.flatnonzero(is_buyer & (kind == 0))
    return OutletOrders(
        customers=customers,
        customer_ids=CUSTOMER_BASE + block.person_serials("shopify_customer", customers, SHOPIFY_ROOM),
        orders=orders,
        order_ids=ORDER_BASE + block.serials("shopify_order", len(orders), 12),
        lines=_lines(rng, orders, story, outlet),
    )


def _orders(
    rng: np.random.Generator, buyers: Positions, start: np.ndarray, end: np.ndarray, outlet: Outlet
) -> pd.DataFrame:
    count = 1 + rng.poisson(outlet.orders_mean, len(buyers))
    person = np.repeat(buyers, count)
    orders = pd.DataFrame(
        {
            "person": person,
            "number": np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count),
            "day": start[person] + rng.random(len(person)) * (end - start)[person],
            "is_cancelled": happens(rng, outlet.cancelled_share, len(person)),
        }
    )
    return orders.sort_values("day", kind="stable", ignore_index=True)


def _lines(rng: np.random.Generator, orders: pd.DataFrame, story: Story, outlet: Outlet) -> pd.DataFrame:
    products = story.products
    order = np.repeat(np.arange(len(orders)), 1 + rng.poisson(outlet.extra_lines_mean, len(orders)))
    product = pick(rng, products["popularity"].to_numpy(), len(order))
    unit = np.round(products["price_cents"].to_numpy()[product] * outlet.price_factor).astype("int64")
    quantity = np.ones(len(order), dtype="int64")
    is_discounted = happens(rng, outlet.discount_share, len(order))
    lag = rng.uniform(REFUND_MIN_DAYS, REFUND_MAX_DAYS, len(order))
    refund_day = orders["day"].to_numpy()[order] + lag
    is_refunded = happens(rng, outlet.refund_share, len(order)) & (refund_day < story.timeline.day_count)
    return pd.DataFrame(
        {
            "order": order,
            "product": product,
            "quantity": quantity,
            "unit_cents": unit,
            "discount_cents": np.where(is_discounted, np.round(unit * outlet.discount_factor), 0).astype("int64"),
            "is_refunded": is_refunded & ~orders["is_cancelled"].to_numpy()[order],
            "refund_day": refund_day,
        }
    )
