"""Visits to the stores of people who let the app or the store's Wi-Fi see them."""

import numpy as np
import pandas as pd

from c360.sample.draws import Flags, happens, moments, spread
from c360.sample.encounters.touchpoints import StoreVisits
from c360.sample.shopping import Purchases
from c360.sample.story import Story
from c360.sample.timeline import DAYS_PER_YEAR


def visit_stores(rng: np.random.Generator, story: Story, visits: StoreVisits) -> pd.DataFrame:
    """Every visit that was seen, in order of time: `person`, `store` (number), `day`, `dwell_seconds`, `is_night`."""
    people, purchases = story.people, story.purchases
    is_seen = people["is_store"].to_numpy() & happens(rng, visits.seen_share, len(people))
    seen = pd.concat([_buying(rng, is_seen, purchases, visits), _looking(rng, story, is_seen, visits)])
    seen = seen.sort_values("day", kind="stable", ignore_index=True)
    dwell = visits.dwell_median_seconds * spread(rng, visits.dwell_spread, len(seen))
    return seen.assign(
        dwell_seconds=np.ceil(dwell).astype("int64"), is_night=happens(rng, visits.night_share, len(seen))
    )


def _buying(rng: np.random.Generator, is_seen: Flags, purchases: Purchases, visits: StoreVisits) -> pd.DataFrame:
    orders = purchases.orders
    person = orders["person"].to_numpy()
    is_visit = np.append(is_seen, False)[person] & orders["is_store"].to_numpy(dtype=bool)  # nobody is at -1
    is_visit &= happens(rng, visits.buying_seen_share, len(orders))
    return pd.DataFrame(orders.loc[is_visit, ["person", "store", "day"]])


def _looking(rng: np.random.Generator, story: Story, is_seen: Flags, visits: StoreVisits) -> pd.DataFrame:
    people, timeline = story.people, story.timeline
    rate = np.where(is_seen, visits.looking_per_year / DAYS_PER_YEAR, 0.0)
    start = np.maximum(people["joined_day"].to_numpy(), 0.0)
    end = np.minimum(people["dropped_out_day"].to_numpy(), timeline.day_count)
    person, day = moments(rng, rate, start, end, timeline)
    stores = np.unique(story.purchases.orders["store"].to_numpy())
    return pd.DataFrame({"person": person, "store": stores[rng.integers(0, len(stores), len(person))], "day": day})
