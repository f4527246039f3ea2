"""What visitors do in the web shop, event by event.

A visit is a chain of events of one device that ends at a known moment: an order, or nothing. The tracker knows the
account from the first event (the visitor was still signed in), from a sign-in on, or not at all. Most visits happen on
a device of one's own, some on the tablet of a store, where many people sign in.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from c360.sample.block import Block
from c360.sample.draws import Flags, Positions, at, happens, moments, pick, spread, texts
from c360.sample.setting import Setting
from c360.sample.shopping import NOBODY, Purchases, wishes
from c360.sample.timeline import DAYS_PER_YEAR, SECONDS_PER_DAY, Days, Timeline
from c360.sample.world import Browsing, VisitSteps, World

PAGES = {
    "page_view": "/",
    "search": "/recherche",
    "sign_in": "/connexion",
    "product_view": "/p/",
    "add_to_basket": "/p/",
    "purchase": "/merci",
}
"""Every kind of event and its page; those of products are followed by the product."""
EVENT_NAMES = tuple(PAGES)
CODE = {name: code for code, name in enumerate(EVENT_NAMES)}
"""The number of each kind of event."""
ORDER_STEPS = ("add_to_basket", "purchase")
"""The last events of a visit that ends with an order."""
PRODUCT_EVENTS = (CODE["product_view"], CODE["add_to_basket"])
"""Events about one product."""
ANY = -1
"""Stands for the number of a category where a visit is about none."""


@dataclass(frozen=True)
class Visits:
    """Everything that happened in the web shop."""

    events: pd.DataFrame
    """In order of time: `event_id`, `event_name`, `moment`, `user_id`, `anonymous_id`, `sku`, `page_path`; and, which
    no tracker knows, `person` (position, or `NOBODY`), `visit` (number), `is_bot`, `is_shared_device`."""
    devices: pd.DataFrame
    """`person` (position) and the `anonymous_id` of a device only they use. Other devices are shared or nobody's."""
    shared_devices: pd.DataFrame
    """`person` (position) and the `anonymous_id` of each store's tablet they sign in on."""
    bots: pd.DataFrame
    """`anonymous_id` of every crawler."""


def browse(
    rng: np.random.Generator, block: Block, people: pd.DataFrame, purchases: Purchases, setting: Setting
) -> Visits:
    """Every visit to the web shop: those that led to orders, those that did not, those of passers-by and crawlers."""
    world, timeline, browsing = setting.world, setting.timeline, setting.world.browsing
    visits = pd.concat(
        [
            _ordering_visits(rng, purchases.orders, browsing),
            _researching_visits(rng, people, purchases, setting),
            _looking_visits(rng, people, world, timeline),
            _passing_visits(rng, len(people), browsing, timeline),
        ],
        ignore_index=True,
    )
    devices = _Devices(rng, block, people, visits, setting)
    visits = devices.visits
    visits["ends_at"] = timeline.web_times(visits["day"].to_numpy())
    events = pd.concat([_events(rng, visits, people, setting), devices.crawls(rng, setting)])
    return Visits(_told(block, events, people, setting.products), devices.own, devices.shared, devices.bots)


def _ordering_visits(rng: np.random.Generator, orders: pd.DataFrame, browsing: Browsing) -> pd.DataFrame:
    web = orders[~orders["is_store"]]
    return pd.DataFrame(
        {
            "person": web["person"].to_numpy(),
            "day": web["day"].to_numpy(),
            "category": ANY,
            "is_order": True,
            "is_signed_in": web["is_signed_in"].to_numpy(),
            "is_remembered": happens(rng, browsing.steps.remembered_share, len(web)),
        }
    )


def _researching_visits(
    rng: np.random.Generator, people: pd.DataFrame, purchases: Purchases, setting: Setting
) -> pd.DataFrame:
    """Visits before the store orders that were researched online, about the category of their first line."""
    first_lines = purchases.lines.drop_duplicates("order")
    order = np.flatnonzero(purchases.orders["is_researched_online"])
    product = first_lines["product"].to_numpy()[order]  # every order has a first line, in the order of orders
    person = purchases.orders["person"].to_numpy()[order]
    before = rng.uniform(1.0, setting.world.shop.baskets.research_days, len(order))
    day = purchases.orders["day"].to_numpy()[order] - before
    return _looks(rng, people, person, day, setting.world).assign(category=setting.shelves.category_of[product])


def _looking_visits(rng: np.random.Generator, people: pd.DataFrame, world: World, timeline: Timeline) -> pd.DataFrame:
    end = np.full(len(people), float(timeline.day_count))
    start = np.maximum(people["joined_day"].to_numpy(), 0.0)
    person, day = moments(rng, _visit_rates(rng, people, world), start, end, timeline)
    is_kept = happens(rng, _liveliness(people, person, day, world.browsing), len(person))
    return _looks(rng, people, person[is_kept], day[is_kept], world)


def _looks(rng: np.random.Generator, people: pd.DataFrame, person: Positions, day: Days, world: World) -> pd.DataFrame:
    """Visits without an order, and whether the tracker learns the account."""
    steps, group = world.browsing.steps, world.protected_group
    share = np.where(people["group"] == "b", group.signed_in_share, steps.signed_in_share)[person]
    has_account = people["account_id"].notna().to_numpy()[person]
    return pd.DataFrame(
        {
            "person": person,
            "day": day,
            "category": ANY,
            "is_order": False,
            "is_signed_in": has_account & happens(rng, share, len(person)),
            "is_remembered": happens(rng, steps.remembered_share, len(person)),
        }
    )


def _visit_rates(rng: np.random.Generator, people: pd.DataFrame, world: World) -> Days:
    """Visits per day of each person: none for who only buys in stores; who would buy more also looks more."""
    browsing = world.browsing
    relative = people["latent_orders_per_year"].to_numpy() / world.lifecycle.orders_per_year
    per_year = browsing.visits_per_year * relative**browsing.visits_follow_orders
    per_year = per_year * spread(rng, browsing.visits_spread, len(people))
    return np.asarray(np.where(people["is_web"], per_year, 0.0) / DAYS_PER_YEAR)


def _liveliness(people: pd.DataFrame, person: Positions, day: Days, browsing: Browsing) -> Days:
    """How much of the visit rate is left: all until the fade, ever less until the drop-out, then the residual."""
    fade, dropped_out = (people[name].to_numpy()[person] for name in ("fade_started_day", "dropped_out_day"))
    to_come = np.clip((dropped_out - day) / np.maximum(dropped_out - fade, 1.0), 0.0, 1.0)
    return np.asarray(np.maximum(to_come**browsing.fade_power, browsing.residual_share))


def _passing_visits(
    rng: np.random.Generator, person_count: int, browsing: Browsing, timeline: Timeline
) -> pd.DataFrame:
    rate = np.array([browsing.passer_by_visits_per_person_year * person_count / DAYS_PER_YEAR])
    _, day = moments(rng, rate, np.zeros(1), np.array([float(timeline.day_count)]), timeline)
    nobody = {"person": NOBODY, "category": ANY, "is_order": False, "is_signed_in": False, "is_remembered": False}
    return pd.DataFrame({"day": day, **nobody})


class _Devices:
    """Which device each visit happens on: one's own, a store's tablet, or one seen once."""

    def __init__(
        self, rng: np.random.Generator, block: Block, people: pd.DataFrame, visits: pd.DataFrame, setting: Setting
    ) -> None:
        odd = setting.world.odd
        is_passing = (visits["person"] == NOBODY).to_numpy()
        may_look = np.isin(np.arange(len(people)), visits.loc[~visits["is_order"], "person"].unique())
        may_look &= people["account_id"].notna().to_numpy()
        users = np.flatnonzero(may_look & happens(rng, odd.tablet_user_share, len(people)))
        tablet_count = -(-len(users) // odd.tablet_users)
        self._bot_count = round(odd.bots_per_1000_people * len(people) / 1000)
        counts = [len(people), tablet_count, self._bot_count, int(is_passing.sum())]
        first_tablet, first_bot, first_passing, _ = np.cumsum(counts)
        tablet = np.full(len(people), NOBODY)
        tablet[users] = first_tablet + np.arange(len(users)) // odd.tablet_users
        device = visits["person"].to_numpy().copy()
        may_be = (tablet[device] != NOBODY) & ~is_passing & ~visits["is_order"].to_numpy()
        is_one_each = ~visits["person"].where(may_be).duplicated().to_numpy()
        is_on_tablet = may_be & (is_one_each | happens(rng, odd.tablet_visit_share, len(visits)))
        device[is_on_tablet] = tablet[device[is_on_tablet]]
        device[is_passing] = first_passing + np.arange(int(is_passing.sum()))
        self._ids = _device_ids(block, sum(counts), device, visits["day"].to_numpy(), setting.timeline)
        owners = np.unique(device[device < len(people)])
        seen = visits.loc[is_on_tablet, "person"].drop_duplicates().sort_values().to_numpy()
        self.own = pd.DataFrame({"person": owners, "anonymous_id": at(self._ids, owners)})
        self.shared = pd.DataFrame({"person": seen, "anonymous_id": at(self._ids, tablet[seen])})
        self.bots = pd.DataFrame({"anonymous_id": at(self._ids, first_bot + np.arange(self._bot_count))})
        self.visits = visits.assign(
            anonymous_id=at(self._ids, device),
            is_signed_in=visits["is_signed_in"].to_numpy() | is_on_tablet,
            is_remembered=visits["is_remembered"].to_numpy() & ~is_on_tablet,
            is_shared_device=is_on_tablet,
        )

    def crawls(self, rng: np.random.Generator, setting: Setting) -> pd.DataFrame:
        """What crawlers do: one product after the other, in a rhythm that no visitor has."""
        odd, timeline = setting.world.odd, setting.timeline
        visit_count = self._bot_count * odd.bot_visits
        visit = np.repeat(np.arange(visit_count), odd.bot_events_per_visit)
        place = np.tile(np.arange(odd.bot_events_per_visit), visit_count)
        latest = timeline.day_count - odd.bot_events_per_visit * odd.bot_gap_seconds / SECONDS_PER_DAY
        starts = timeline.seconds(rng.random(visit_count) * latest)
        return pd.DataFrame(
            {
                "person": NOBODY,
                "anonymous_id": at(self.bots["anonymous_id"], visit // odd.bot_visits),
                "moment": starts[visit] + (place * odd.bot_gap_seconds).astype("timedelta64[s]"),
                "code": CODE["product_view"],
                "product": (visit + place) % len(setting.products),
                "visit": len(self.visits) + visit,
                "is_known": False,
                "is_bot": True,
                "is_shared_device": False,
            }
        )


def _device_ids(block: Block, count: int, device: Positions, day: Days, timeline: Timeline) -> pd.Series:
    """As Google Analytics has them: a number of the device's own in 31 bits, and when it was first seen, to the day."""
    first_day = np.full(count, float(timeline.day_count))
    np.minimum.at(first_day, device, day)
    first_day[~np.isin(np.arange(count), device)] = 0.0
    seen = timeline.seconds(np.floor(first_day)).astype("int64")
    number = pd.Series(block.serials("device", count, 9)).astype("str")
    return number + "." + pd.Series(seen).astype("str")


def _events(rng: np.random.Generator, visits: pd.DataFrame, people: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Spell visits out: a page, perhaps a sign-in, what the visitor looked at, and the way to an order if any."""
    steps = setting.world.browsing.steps
    is_order, category = visits["is_order"].to_numpy(), visits["category"].to_numpy()
    count = 2 + rng.poisson(steps.extra_events_mean, len(visits)) + len(ORDER_STEPS) * is_order + (category != ANY)
    visit = np.repeat(np.arange(len(visits)), count)
    place = np.arange(len(visit)) - np.repeat(np.cumsum(count) - count, count)
    is_signed_in, is_remembered = (visits[name].to_numpy()[visit] for name in ("is_signed_in", "is_remembered"))
    person = visits["person"].to_numpy()[visit]
    code = _codes(rng, visits, visit, place, count, steps)
    level, wanted = wishes(rng, people, person, setting)
    about = category[visit]
    product = setting.shelves.take(rng, level, np.where(about == ANY, wanted, about))
    ends_at = visits["ends_at"].to_numpy()[visit]
    return pd.DataFrame(
        {
            "person": person,
            "anonymous_id": at(visits["anonymous_id"], visit),
            "moment": ends_at - _seconds_before_end(rng, count, visit, steps.gap_mean_seconds),
            "code": code,
            "product": product,
            "visit": visit,
            "is_known": is_signed_in & (is_remembered | (place >= 1)),
            "is_bot": False,
            "is_shared_device": visits["is_shared_device"].to_numpy()[visit],
        }
    )


def _codes(
    rng: np.random.Generator,
    visits: pd.DataFrame,
    visit: Positions,
    place: Positions,
    count: Positions,
    steps: VisitSteps,
) -> Positions:
    """The kind of each event."""
    names, weights = zip(*steps.event_weights, strict=True)
    code = np.array([CODE[name] for name in names])[pick(rng, weights, len(visit))]
    code[place == 0] = CODE["page_view"]
    must_sign_in = (visits["is_signed_in"] & ~visits["is_remembered"]).to_numpy()
    code[(place == 1) & must_sign_in[visit]] = CODE["sign_in"]
    places_left = count[visit] - 1 - place
    is_order, is_about = visits["is_order"].to_numpy()[visit], visits["category"].to_numpy()[visit] != ANY
    code[is_about & (places_left == 0)] = CODE["product_view"]
    for left, step in enumerate(reversed(ORDER_STEPS)):
        code[is_order & (places_left == left)] = CODE[step]
    return code


def _seconds_before_end(
    rng: np.random.Generator, count: Positions, visit: Positions, gap_mean_seconds: float
) -> np.ndarray:
    """How long before the end of its visit each event happens: the sum of the gaps after it."""
    gap = np.ceil(rng.exponential(gap_mean_seconds, len(visit))).astype("int64")
    reached = np.cumsum(gap)
    last = np.cumsum(count) - 1
    return np.asarray((reached[last][visit] - reached).astype("timedelta64[s]"))


def _told(block: Block, events: pd.DataFrame, people: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """The events in order of time, in the tracker's words."""
    events = events.iloc[np.argsort(events["moment"].to_numpy(), kind="stable")].reset_index(drop=True)
    code, is_known = events["code"].to_numpy(), events["is_known"].to_numpy()
    user = at(people["account_id"], np.where(is_known, events["person"], NOBODY), or_missing=True)
    is_about_product: Flags = np.isin(code, PRODUCT_EVENTS)
    sku = pd.Series(at(products["sku"], np.where(is_about_product, events["product"], -1), or_missing=True))
    return events.drop(columns=["code", "product", "is_known"]).assign(
        event_id=block.in_order("e", len(events)),
        event_name=texts(EVENT_NAMES, code),
        user_id=user,
        sku=sku,
        page_path=texts(tuple(PAGES.values()), code) + sku.fillna(""),
    )
