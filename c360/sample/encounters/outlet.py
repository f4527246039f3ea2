"""Who orders in the outlet shop, what, and what comes back."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from c360.sample.draws import Positions, happens, pick
from c360.sample.encounters.touchpoints import Outlet, OutletReturns
from c360.sample.story import Story
from c360.sample.timeline import Timeline

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


def order_in_outlet(rng: np.random.Generator, story: Story, outlet: Outlet, returns: OutletReturns) -> OutletOrders:
    """Every order of the outlet shop, between joining and dropping out."""
    customers, guests = _buyers(rng, story.people, outlet)
    orders = _orders(rng, np.concatenate([customers, guests]), story, outlet)
    orders = orders.assign(
        is_guest=np.isin(orders["person"], guests), is_cancelled=happens(rng, returns.cancelled_share, len(orders))
    )
    customers = np.unique(orders.loc[~orders["is_guest"], "person"].to_numpy())
    lines = _with_returns(rng, _lines(rng, orders, story.products, outlet), orders, returns, story.timeline)
    return OutletOrders(
        customers=customers,
        customer_ids=CUSTOMER_BASE + story.block.person_serials("shopify_customer", customers, SHOPIFY_ROOM),
        orders=orders,
        order_ids=ORDER_BASE + story.block.serials("shopify_order", len(orders), 12),
        lines=lines,
    )


def _buyers(rng: np.random.Generator, people: pd.DataFrame, outlet: Outlet) -> tuple[Positions, Positions]:
    """The people who order there with an account, and those who do as guests."""
    can = people["is_web"].to_numpy(dtype=bool) & ~people["is_prospect"].to_numpy(dtype=bool)
    chance = rng.random(len(people))
    is_customer = can & (chance < outlet.customer_share)
    is_guest = can & ~is_customer & (chance < outlet.customer_share + outlet.guest_share)
    return np.flatnonzero(is_customer), np.flatnonzero(is_guest)


def _orders(rng: np.random.Generator, buyers: Positions, story: Story, outlet: Outlet) -> pd.DataFrame:
    """The orders of those buyers who were there within the world."""
    start = np.maximum(story.people["joined_day"].to_numpy(), 0.0)[buyers]
    end = np.minimum(story.people["dropped_out_day"].to_numpy(), story.timeline.day_count)[buyers]
    count = np.where(end > start, 1 + rng.poisson(outlet.orders_mean, len(buyers)), 0)
    buyer = np.repeat(np.arange(len(buyers)), count)
    orders = pd.DataFrame(
        {
            "person": buyers[buyer],
            "number": np.arange(len(buyer)) - np.repeat(np.cumsum(count) - count, count),
            "day": start[buyer] + rng.random(len(buyer)) * (end - start)[buyer],
        }
    )
    return orders.sort_values("day", kind="stable", ignore_index=True)


def _lines(rng: np.random.Generator, orders: pd.DataFrame, products: pd.DataFrame, outlet: Outlet) -> pd.DataFrame:
    order = np.repeat(np.arange(len(orders)), 1 + rng.poisson(outlet.extra_lines_mean, len(orders)))
    product = pick(rng, products["popularity"].to_numpy(), len(order))
    unit = np.round(products["price_cents"].to_numpy()[product] * outlet.price_factor).astype("int64")
    discount = np.round(unit * outlet.discount_factor) * happens(rng, outlet.discount_share, len(order))
    return pd.DataFrame(
        {
            "order": order,
            "product": product,
            "quantity": 1,
            "unit_cents": unit,
            "discount_cents": discount.astype("int64"),
        }
    )


def _with_returns(
    rng: np.random.Generator, lines: pd.DataFrame, orders: pd.DataFrame, returns: OutletReturns, timeline: Timeline
) -> pd.DataFrame:
    order = lines["order"].to_numpy()
    lag = rng.uniform(returns.refund_min_days, returns.refund_max_days, len(lines))
    day = orders["day"].to_numpy()[order] + lag
    is_refunded = happens(rng, returns.refund_share, len(lines)) & (day < timeline.day_count)
    return lines.assign(is_refunded=is_refunded & ~orders["is_cancelled"].to_numpy()[order], refund_day=day)
