"""Who buys what, when and where, and what is brought back.

An order of the web shop and a receipt of a till are both an order here. A web refund is a later line of its order; what
comes back to a store gets a receipt of its own. Walk-in customers are nobody: their `person` is `NOBODY`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from c360.sample.block import Block
from c360.sample.campaigns import NONE, lost_orders, respond, with_effects
from c360.sample.draws import Flags, Positions, at, happens, moments
from c360.sample.setting import Setting
from c360.sample.timeline import DAYS_PER_YEAR, Days, Timeline
from c360.sample.world import Baskets, Stores, World

NOBODY = -1
"""Stands for the position of a person where there is none."""


@dataclass(frozen=True)
class Purchases:
    """Everything that was ever bought, in the order it happened."""

    orders: pd.DataFrame
    """`order_id`, `person` (position in the people, or `NOBODY`), `day`, `is_store`, `is_return`, `store` (number),
    `currency_code`, `is_signed_in` (web), `shows_card` and `leaves_email` (store), `campaign` (position) that caused it
    or `NONE`, `is_researched_online` (store)."""
    lines: pd.DataFrame
    """`order` (position in `orders`), `line_number`, `day`, `product` (position), `quantity`, `unit_cents`."""


def go_shopping(
    rng: np.random.Generator, block: Block, people: pd.DataFrame, treatments: pd.DataFrame, setting: Setting
) -> tuple[Purchases, pd.DataFrame]:
    """Every order of a block with its lines, and the treatments with what each gave or took."""
    world, timeline = setting.world, setting.timeline
    planned, treatments = _planned_orders(rng, people, treatments, world, timeline)
    orders = pd.concat(
        [_placed(rng, people, planned, world), _walk_ins(rng, len(people), world.shop.stores, timeline)],
        ignore_index=True,
    )
    sales = _sold_lines(rng, orders, people, setting)
    returns = _returned_lines(rng, orders, sales, people, world.shop.baskets)
    returns = returns[returns["day"] < timeline.day_count]
    return _numbered(block, *_with_return_receipts(orders, sales, returns)), treatments


def _planned_orders(
    rng: np.random.Generator, people: pd.DataFrame, treatments: pd.DataFrame, world: World, timeline: Timeline
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who orders when, moved by campaigns: `person`, `day`, `is_first`, `campaign`; and the treatments' effects."""
    person, day, is_first = _order_moments(rng, people, timeline)
    own = pd.DataFrame({"person": person, "day": day, "is_first": is_first, "campaign": NONE})
    lost = lost_orders(rng, people, treatments, own[~is_first], world.campaigning)
    lost["order"] = np.flatnonzero(~is_first)[lost["order"]]
    response = respond(rng, people, treatments, world.campaigning, timeline)
    told = treatments.iloc[response.treatment]
    added = pd.DataFrame(
        {
            "person": told["person"].to_numpy(),
            "day": response.day,
            "is_first": False,
            "campaign": np.where(response.is_caused, told["campaign"], NONE),
        }
    )
    planned = pd.concat([own.drop(index=lost["order"].to_list()), added], ignore_index=True)
    gained = response.treatment[response.is_caused]
    return planned, with_effects(treatments, gained, lost["treatment"].to_numpy())


def _order_moments(rng: np.random.Generator, people: pd.DataFrame, timeline: Timeline) -> tuple[Positions, Days, Flags]:
    """Who orders and when: everybody on the day they join, and at their own rate until they drop out."""
    joined, dropped_out = people["joined_day"].to_numpy(), people["dropped_out_day"].to_numpy()
    rate = people["orders_per_year"].to_numpy() / DAYS_PER_YEAR
    arriving = np.flatnonzero((joined >= 0) & (rate > 0))
    last = np.minimum(dropped_out, timeline.day_count)
    person, day = moments(rng, rate, np.maximum(joined, 0.0), last, timeline)
    is_first = np.arange(len(arriving) + len(person)) < len(arriving)
    return np.concatenate([arriving, person]), np.concatenate([joined[arriving], day]), is_first


def _placed(rng: np.random.Generator, people: pd.DataFrame, planned: pd.DataFrame, world: World) -> pd.DataFrame:
    """The orders with the door they came through and what could be seen of who placed them."""
    baskets, stores = world.shop.baskets, world.shop.stores
    person, count = planned["person"].to_numpy(), len(planned)
    is_guest, is_web, is_store_buyer = (people[name].to_numpy()[person] for name in ("is_guest", "is_web", "is_store"))
    # A guest is nobody until an order on the web names them.
    is_named = ~(planned["is_first"].to_numpy() & is_guest)
    is_store = is_store_buyer & (happens(rng, baskets.store_order_share, count) | ~is_web) & is_named
    has_account, has_card = (people[name].notna().to_numpy()[person] for name in ("account_id", "loyalty_number"))
    card_share = np.where(people["group"] == "b", world.protected_group.card_shown_share, stores.card_shown_share)
    return planned.drop(columns="is_first").assign(
        is_store=is_store,
        store=rng.integers(1, stores.store_count + 1, count),
        currency_code=at(people["currency_code"], person),
        is_signed_in=~happens(rng, baskets.guest_checkout_share, count) & has_account & ~is_store,
        shows_card=happens(rng, card_share[person], count) & has_card & is_store,
        leaves_email=happens(rng, stores.receipt_email_share, count) & is_store,
        is_researched_online=happens(rng, baskets.researched_share, count)
        & (is_store & is_web)
        & (planned["day"].to_numpy() >= baskets.research_days),
    )


def _walk_ins(rng: np.random.Generator, person_count: int, stores: Stores, timeline: Timeline) -> pd.DataFrame:
    rate = np.array([stores.walk_in_baskets_per_person_year * person_count / DAYS_PER_YEAR])
    _, day = moments(rng, rate, np.zeros(1), np.array([float(timeline.day_count)]), timeline)
    return pd.DataFrame(
        {
            "person": NOBODY,
            "day": day,
            "campaign": NONE,
            "is_store": True,
            "store": rng.integers(1, stores.store_count + 1, len(day)),
            "currency_code": pd.Series("EUR", index=range(len(day)), dtype="str"),
            "is_signed_in": False,
            "shows_card": False,
            "leaves_email": False,
            "is_researched_online": False,
        }
    )


def _sold_lines(rng: np.random.Generator, orders: pd.DataFrame, people: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    shop = setting.world.shop
    line_count = 1 + rng.poisson(shop.baskets.extra_lines_mean, len(orders))
    order = np.repeat(np.arange(len(orders)), line_count)
    product = _wanted(rng, orders, order, people, setting)
    euro_cents = setting.products["price_cents"].to_numpy()[product]
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


def _wanted(
    rng: np.random.Generator, orders: pd.DataFrame, order: Positions, people: pd.DataFrame, setting: Setting
) -> Positions:
    """The product of each line: of the campaign's category in the first line of its orders, else to the taste."""
    is_first_line = np.diff(order, prepend=-1) > 0
    campaign = orders["campaign"].to_numpy()[order]
    about = np.append(setting.campaigns["category_number"].to_numpy(), setting.shelves.any_category)[campaign]
    level, category = wishes(rng, people, orders["person"].to_numpy()[order], setting)
    return setting.shelves.take(rng, level, np.where(is_first_line & (campaign != NONE), about, category))


def wishes(
    rng: np.random.Generator, people: pd.DataFrame, person: Positions, setting: Setting
) -> tuple[Positions, Positions]:
    """The level of affluence and the category from which each of `person` takes a product; nobody is anybody."""
    count, character = len(person), setting.world.character
    level = people["affluence_level"].to_numpy()[person]
    level = np.where(person == NOBODY, rng.integers(0, character.affluence_levels, count), level)
    follows_taste = happens(rng, character.taste_share, count) & (person != NOBODY)
    return level, np.where(follows_taste, people["taste_number"].to_numpy()[person], setting.shelves.any_category)


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
    receipts = orders.iloc[returns.loc[is_store, "order"]]
    receipts = receipts.assign(
        day=returns.loc[is_store, "day"].to_numpy(), is_return=True, campaign=NONE, is_researched_online=False
    )
    brought_back = returns[is_store].assign(order=len(orders) + np.arange(int(is_store.sum())))
    return (
        pd.concat([orders.assign(is_return=False), receipts], ignore_index=True),
        pd.concat([sales, returns[~is_store], brought_back], ignore_index=True),
    )


def _numbered(block: Block, orders: pd.DataFrame, lines: pd.DataFrame) -> Purchases:
    """Orders numbered in the order they happened, per channel, and their lines from 1."""
    sequence = np.argsort(orders["day"].to_numpy(), kind="stable")
    position = np.empty(len(sequence), dtype="int64")
    position[sequence] = np.arange(len(sequence))
    orders = orders.iloc[sequence].reset_index(drop=True)
    is_store = orders["is_store"].to_numpy()
    ids = pd.concat([block.in_order("R", int(is_store.sum())), block.in_order("W", int((~is_store).sum()))])
    place = np.where(is_store, np.cumsum(is_store), is_store.sum() + np.cumsum(~is_store)) - 1
    orders["order_id"] = at(ids, place)
    lines = lines.assign(order=position[lines["order"]]).sort_values(["order", "day"], kind="stable", ignore_index=True)
    lines["line_number"] = lines.groupby("order").cumcount() + 1
    return Purchases(orders, lines)
