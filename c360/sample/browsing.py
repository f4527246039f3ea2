"""What visitors do in the web shop, event by event.

A visit is a chain of events of one device that ends at a known moment: an order, or nothing. The tracker knows the
account from the first event (the visitor was still signed in), from a sign-in on, or not at all.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from c360.sample.draws import happens, moments, pick, serials, spread
from c360.sample.shopping import NOBODY
from c360.sample.timeline import DAYS_PER_YEAR, Days, Timeline
from c360.sample.world import Browsing, VisitSteps

ORDER_STEPS = ("add_to_basket", "purchase")
"""The last events of a visit that ends with an order."""
PRODUCT_EVENTS = ("product_view", "add_to_basket")
"""Events about one product."""
PAGES = {
    "page_view": "/",
    "search": "/recherche",
    "sign_in": "/connexion",
    "purchase": "/merci",
    "product_view": "/p/",
    "add_to_basket": "/p/",
}
"""The page of each event; those of products are followed by the product."""


@dataclass(frozen=True)
class Visits:
    """Everything that happened in the web shop."""

    events: pd.DataFrame
    """In order of time: `event_id`, `event_name`, `moment`, `user_id`, `anonymous_id`, `sku`, `page_path`."""
    devices: pd.DataFrame
    """`person` (position) and the `anonymous_id` of their device; every other `anonymous_id` is a passer-by's."""


def browse(
    rng: np.random.Generator,
    people: pd.DataFrame,
    products: pd.DataFrame,
    orders: pd.DataFrame,
    browsing: Browsing,
    timeline: Timeline,
) -> Visits:
    """Every visit to the web shop: those that led to `orders`, those that did not, and those of passers-by."""
    visits = pd.concat(
        [
            _ordering_visits(rng, orders, browsing),
            _looking_visits(rng, people, browsing, timeline),
            _passing_visits(rng, len(people), browsing, timeline),
        ],
        ignore_index=True,
    )
    visits, devices = _with_devices(rng, visits, people)
    visits["ends_at"] = timeline.web_times(visits["day"].to_numpy())
    events = _events(rng, visits, browsing.steps)
    events["user_id"] = people["account_id"].to_numpy()[events["person"]]
    events["user_id"] = events["user_id"].where(events["is_known"])
    events["sku"] = _skus(rng, events["event_name"], products)
    events["page_path"] = events["event_name"].map(PAGES) + events["sku"].fillna("")
    return Visits(_numbered(events), devices)


def _ordering_visits(rng: np.random.Generator, orders: pd.DataFrame, browsing: Browsing) -> pd.DataFrame:
    web = orders[~orders["is_store"]]
    return pd.DataFrame(
        {
            "person": web["person"],
            "day": web["day"],
            "is_order": True,
            "is_signed_in": web["is_signed_in"],
            "is_remembered": happens(rng, browsing.steps.remembered_share, len(web)),
        }
    )


def _looking_visits(
    rng: np.random.Generator, people: pd.DataFrame, browsing: Browsing, timeline: Timeline
) -> pd.DataFrame:
    end = np.full(len(people), float(timeline.day_count))
    start = np.maximum(people["joined_day"].to_numpy(), 0.0)
    person, day = moments(rng, _visit_rates(rng, people, browsing), start, end, timeline)
    is_kept = happens(rng, _liveliness(people.iloc[person], day, browsing), len(person))
    person, day = person[is_kept], day[is_kept]
    has_account = people["account_id"].notna().to_numpy()[person]
    return pd.DataFrame(
        {
            "person": person,
            "day": day,
            "is_order": False,
            "is_signed_in": has_account & happens(rng, browsing.steps.signed_in_share, len(person)),
            "is_remembered": happens(rng, browsing.steps.remembered_share, len(person)),
        }
    )


def _visit_rates(rng: np.random.Generator, people: pd.DataFrame, browsing: Browsing) -> Days:
    """Visits per day of each person: none for who only buys in stores, the median for prospects."""
    orders = people["orders_per_year"].to_numpy()
    buying = orders > 0
    relative = np.where(buying, orders, 1.0) / np.median(orders[buying]) if buying.any() else np.ones(len(orders))
    relative = np.where(buying, relative, 1.0) ** browsing.visits_follow_orders
    per_year = browsing.visits_per_year * relative * spread(rng, browsing.visits_spread, len(people))
    return np.asarray(np.where(people["is_web"], per_year, 0.0) / DAYS_PER_YEAR)


def _liveliness(people: pd.DataFrame, day: Days, browsing: Browsing) -> Days:
    """How much of the visit rate is left: all until the fade, ever less until the drop-out, then the residual."""
    fade, dropped_out = people["fade_started_day"].to_numpy(), people["dropped_out_day"].to_numpy()
    to_come = np.clip((dropped_out - day) / np.maximum(dropped_out - fade, 1.0), 0.0, 1.0)
    return np.asarray(np.maximum(to_come**browsing.fade_power, browsing.residual_share))


def _passing_visits(
    rng: np.random.Generator, person_count: int, browsing: Browsing, timeline: Timeline
) -> pd.DataFrame:
    rate = np.array([browsing.passer_by_visits_per_person_year * person_count / DAYS_PER_YEAR])
    _, day = moments(rng, rate, np.zeros(1), np.array([float(timeline.day_count)]), timeline)
    return pd.DataFrame(
        {"person": NOBODY, "day": day, "is_order": False, "is_signed_in": False, "is_remembered": False}
    )


def _with_devices(
    rng: np.random.Generator, visits: pd.DataFrame, people: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give every web buyer one device and every passer-by visit another."""
    is_passing = (visits["person"] == NOBODY).to_numpy()
    number = pd.Series(serials(rng, len(people) + int(is_passing.sum()), 12), dtype="int64").astype(str)
    anonymous_id = ("v" + number).to_numpy()
    device = visits["person"].to_numpy().copy()
    device[is_passing] = len(people) + np.arange(int(is_passing.sum()))
    owners = np.unique(visits.loc[~is_passing, "person"].to_numpy())
    devices = pd.DataFrame({"person": owners, "anonymous_id": anonymous_id[owners]})
    return visits.assign(anonymous_id=anonymous_id[device]), devices


def _events(rng: np.random.Generator, visits: pd.DataFrame, steps: VisitSteps) -> pd.DataFrame:
    """Spell visits out: a page, perhaps a sign-in, what the visitor looked at, and the way to an order if any."""
    count = 2 + rng.poisson(steps.extra_events_mean, len(visits)) + len(ORDER_STEPS) * visits["is_order"].to_numpy()
    visit = np.repeat(np.arange(len(visits)), count)
    place = np.arange(len(visit)) - np.repeat(np.cumsum(count) - count, count)
    events = visits.iloc[visit].reset_index(drop=True).assign(place=place, places_left=count[visit] - 1 - place)
    return events.assign(
        event_name=_names(rng, events, steps),
        is_known=events["is_signed_in"] & (events["is_remembered"] | (place >= 1)),
        moment=events["ends_at"] - _seconds_before_end(rng, count, visit, steps.gap_mean_seconds),
    )


def _names(rng: np.random.Generator, events: pd.DataFrame, steps: VisitSteps) -> np.ndarray:
    names, weights = zip(*steps.event_weights, strict=True)
    name = np.array(names, dtype=object)[pick(rng, weights, len(events))]
    name[events["place"] == 0] = "page_view"
    name[(events["place"] == 1) & events["is_signed_in"] & ~events["is_remembered"]] = "sign_in"
    for places_left, step in enumerate(reversed(ORDER_STEPS)):
        name[(events["places_left"] == places_left) & events["is_order"]] = step
    return name


def _seconds_before_end(
    rng: np.random.Generator, count: np.ndarray, visit: np.ndarray, gap_mean_seconds: float
) -> np.ndarray:
    """How long before the end of its visit each event happens: the sum of the gaps after it."""
    gap = np.ceil(rng.exponential(gap_mean_seconds, len(visit))).astype("int64")
    reached = np.cumsum(gap)
    last = np.cumsum(count) - 1
    return np.asarray((reached[last][visit] - reached).astype("timedelta64[s]"))


def _skus(rng: np.random.Generator, names: pd.Series, products: pd.DataFrame) -> pd.Series:
    sku = products["sku"].to_numpy()[pick(rng, products["popularity"].to_numpy(), len(names))]
    return pd.Series(sku, index=names.index).where(names.isin(PRODUCT_EVENTS))


def _numbered(events: pd.DataFrame) -> pd.DataFrame:
    events = events.sort_values("moment", kind="stable", ignore_index=True)
    events["event_id"] = "e" + (events.index + 1).astype(str).str.zfill(10)
    return events
