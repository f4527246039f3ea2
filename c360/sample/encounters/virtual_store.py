"""What avatars do in the shop's store in a virtual world."""

import numpy as np
import pandas as pd

from c360.sample.draws import happens, pick
from c360.sample.encounters.touchpoints import VirtualStore
from c360.sample.story import Story
from c360.sample.timeline import SECONDS_PER_DAY, Days

ENTER, LOOK, TRY, LEAVE = "enter", "look_at", "try_on", "leave"


def enter_virtual_store(rng: np.random.Generator, story: Story, store: VirtualStore) -> pd.DataFrame:
    """Every event of every avatar, in order of time.

    Returns:
        `person`, `avatar_id`, `is_linked`, `event`, `product` (position, -1), `seconds` (NaN where nothing lasts),
        `second` (since the start).
    """
    people = story.people
    start = np.maximum(people["joined_day"].to_numpy(), 0.0)
    end = np.minimum(people["dropped_out_day"].to_numpy(), story.timeline.day_count)
    has = people["account_id"].notna().to_numpy() & (end > start) & happens(rng, store.avatar_share, len(people))
    owners = np.flatnonzero(has)
    visits = np.repeat(np.arange(len(owners)), 1 + rng.poisson(store.visits_mean, len(owners)))
    person = owners[visits]
    day = start[person] + rng.random(len(person)) * (end - start)[person]
    events = _spelt_out(rng, story.timeline.web_seconds(day), store).assign(person=lambda rows: person[rows["visit"]])
    number = story.block.person_serials("avatar", owners, 10**9)
    avatar_id = pd.Series(number, index=owners).astype("str").str.zfill(9)
    is_linked = pd.Series(happens(rng, store.linked_share, len(owners)), index=owners)
    events = events.assign(
        avatar_id="av-" + avatar_id.loc[events["person"]].reset_index(drop=True),
        is_linked=is_linked.loc[events["person"]].to_numpy(),
        product=_things(rng, events, story.products),
    )
    events = events[(events["second"] < story.timeline.day_count * SECONDS_PER_DAY).to_numpy()]
    return pd.DataFrame(events.sort_values(["second", "place"], kind="stable", ignore_index=True))


def _spelt_out(rng: np.random.Generator, entered: Days, store: VirtualStore) -> pd.DataFrame:
    count = 2 + rng.poisson(store.looks_mean, len(entered))
    visit = np.repeat(np.arange(len(entered)), count)
    place = np.arange(len(visit)) - np.repeat(np.cumsum(count) - count, count)
    seconds = 1 + np.floor(rng.exponential(store.look_mean_seconds, len(visit)))
    passed = np.cumsum(seconds)
    begins = (np.cumsum(count) - count)[visit]
    event = np.where(happens(rng, store.try_on_share, len(visit)), TRY, LOOK)
    event = np.where(place == 0, ENTER, np.where(place == count[visit] - 1, LEAVE, event))
    lasts = (place > 0) & (place < count[visit] - 1)
    return pd.DataFrame(
        {
            "visit": visit,
            "place": place,
            "event": event,
            "seconds": np.where(lasts, seconds, np.nan),
            "second": entered[visit] + passed - passed[begins],
        }
    )


def _things(rng: np.random.Generator, events: pd.DataFrame, products: pd.DataFrame) -> np.ndarray:
    product = pick(rng, products["popularity"].to_numpy(), len(events))
    return np.where(events["seconds"].notna(), product, -1)
