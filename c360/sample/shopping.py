"""Who buys what, when and where, and what is brought back.

An order of the web shop and a receipt of a till are both an order here. A web refund is a later line of its order; what
comes back to a store gets a receipt of its own. Walk-in customers are nobody: their `person` is `NOBODY`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from c360.sample.draws import Flags, Positions, happens, moments, pick
from c360.sample.timeline import DAYS_PER_YEAR, Days, Timeline
from c360.sample.world import Baskets, Shop, Stores

NOBODY = -1
"""Stands for the position of a person where there is none."""


@dataclass(frozen=True)
class Purchases:
    """Everything that was ever bought, in the order it happened."""

    orders: pd.DataFrame
    """`order_id`, `person` (position in the people, or `NOBODY`), `day`, `is_store`, `is_return`, `store` (number),
    `currency_code`, `is_signed_in` (web), `shows_card` and `leaves_email` (store)."""
    lines: pd.DataFrame
    """`order` (position in `orders`), `line_number`, `day`, `product` (position), `quantity`, `unit_cents`."""


def go_shopping(
    rng: np.random.Generator, people: pd.DataFrame, products: pd.DataFrame, shop: Shop, timeline: Timeline
) -> Purchases:
    """Every order of the world with its lines."""
    orders = pd.concat(
        [_orders_of_people(rng, people, shop, timeline), _walk_ins(rng, len(people), shop.stores, timeline)],
        ignore_index=True,
    )
    sales = _sold_lines(rng, orders, products, shop)
    returns = _returned_lines(rng, orders, sales, people, shop.baskets)
    returns = returns[returns["day"] < timeline.day_count]
    return _numbered(*_with_return_receipts(orders, sales, returns))


def _orders_of_people(rng: np.random.Generator, people: pd.DataFrame, shop: Shop, timeline: Timeline) -> pd.DataFrame:
    person, day, is_first = _order_moments(rng, people, timeline)
    buyer = people.iloc[person].reset_index(drop=True)
    prefers_store = happens(rng, shop.baskets.store_order_share, len(person)) | ~buyer["is_web"].to_numpy()
    # A guest is nobody until an order on the web names them.
    is_store = buyer["is_store"].to_numpy() & prefers_store & ~(is_first & buyer["is_guest"].to_numpy())
    is_signed_in = ~happens(rng, shop.baskets.guest_checkout_share, len(person)) & buyer["account_id"].notna()
    shows_card = happens(rng, shop.stores.card_shown_share, len(person)) & buyer["loyalty_number"].notna()
    return pd.DataFrame(
        {
            "person": person,
            "day": day,
            "is_store": is_store,
            "store": rng.integers(1, shop.stores.store_count + 1, len(person)),
            "currency_code": buyer["currency_code"],
            "is_signed_in": is_signed_in & ~is_store,
            "shows_card": shows_card & is_store,
            "leaves_email": happens(rng, shop.stores.receipt_email_share, len(person)) & is_store,
        }
    )


def _order_moments(rng: np.random.Generator, people: pd.DataFrame, timeline: Timeline) -> tuple[Positions, Days, Flags]:
    """Who orders and when: everybody on the day they join, and at their own rate until they drop out."""
    joined, dropped_out = people["joined_day"].to_numpy(), people["dropped_out_day"].to_numpy()
    rate = people["orders_per_year"].to_numpy() / DAYS_PER_YEAR
    arriving = np.flatnonzero((joined >= 0) & (rate > 0))
    last = np.minimum(dropped_out, timeline.day_count)
    person, day = moments(rng, rate, np.maximum(joined, 0.0), last, timeline)
    is_first = np.arange(len(arriving) + len(person)) < len(arriving)
    return np.concatenate([arriving, person]), np.concatenate([joined[arriving], day]), is_first


def _walk_ins(rng: np.random.Generator, person_count: int, stores: Stores, timeline: Timeline) -> pd.DataFrame:
    rate = np.array([stores.walk_in_baskets_per_person_year * person_count / DAYS_PER_YEAR])
    _, day = moments(rng, rate, np.zeros(1), np.array([float(timeline.day_count)]), timeline)
    return pd.DataFrame(
        {
            "person": NOBODY,
            "day": day,
            "is_store": True,
            "store": rng.integers(1, stores.store_count + 1, len(day)),
            "currency_code": "EUR",
            "is_signed_in": False,
            "shows_card": False,
            "leaves_email": False,
        }
    )


def _sold_lines(rng: np.random.Generator, orders: pd.DataFrame, products: pd.DataFrame, shop: Shop) -> pd.DataFrame:
    line_count = 1 + rng.poisson(shop.baskets.extra_lines_mean, len(orders))
    order = np.repeat(np.arange(len(orders)), line_count)
    product = pick(rng, products["popularity"].to_numpy(), len(order))
    euro_cents = products["price_cents"].to_numpy()[product]
    pound_cents = np.round(euro_cents * shop.catalogue.gbp_per_eur).astype("int64")
    is_in_pounds = (orders["currency_code"] == "GBP").to_numpy()[order]
    return pd.DataFrame(
        {
            "order": order,
            "day": orders["day"].to_numpy()[order],
            "product": product,
            "quantity": 1 + rng.poisson(shop.baskets.extra_quantity_mean, len(order)),
            "unit_cents": np.where(is_in_pounds, pound_cents, euro_cents),
        }
    )


def _returned_lines(
    rng: np.random.Generator, orders: pd.DataFrame, sales: pd.DataFrame, people: pd.DataFrame, baskets: Baskets
) -> pd.DataFrame:
    person = orders["person"].to_numpy()[sales["order"]]
    fade_starts = np.append(people["fade_started_day"].to_numpy(), np.inf)[person]  # nobody, at -1, never fades
    share = np.where(sales["day"] >= fade_starts, baskets.fade_return_share, baskets.return_share)
    returned = sales[happens(rng, share, len(sales))]
    lag = rng.uniform(baskets.return_min_days, baskets.return_max_days, len(returned))
    return returned.assign(day=returned["day"] + lag, quantity=-returned["quantity"])


def _with_return_receipts(
    orders: pd.DataFrame, sales: pd.DataFrame, returns: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders and lines, a store's returns moved to receipts of their own."""
    is_store = orders["is_store"].to_numpy()[returns["order"]]
    receipts = orders.iloc[returns.loc[is_store, "order"]].assign(day=returns.loc[is_store, "day"].to_numpy())
    brought_back = returns[is_store].assign(order=len(orders) + np.arange(int(is_store.sum())))
    return (
        pd.concat([orders.assign(is_return=False), receipts.assign(is_return=True)], ignore_index=True),
        pd.concat([sales, returns[~is_store], brought_back], ignore_index=True),
    )


def _numbered(orders: pd.DataFrame, lines: pd.DataFrame) -> Purchases:
    """Orders numbered in the order they happened, per channel, and their lines from 1."""
    sequence = np.argsort(orders["day"].to_numpy(), kind="stable")
    position = np.empty(len(sequence), dtype="int64")
    position[sequence] = np.arange(len(sequence))
    orders = orders.iloc[sequence].reset_index(drop=True)
    number = (orders.groupby("is_store").cumcount() + 1).astype(str).str.zfill(9)
    orders["order_id"] = np.where(orders["is_store"], "R" + number, "W" + number)
    lines = lines.assign(order=position[lines["order"]]).sort_values(["order", "day"], kind="stable", ignore_index=True)
    lines["line_number"] = lines.groupby("order").cumcount() + 1
    return Purchases(orders, lines)
