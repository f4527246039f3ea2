"""Visits to the stores, on the wall clocks of the stores: one of the nights has an hour that comes twice."""

import numpy as np
import pyarrow as pa

from c360.sample.draws import Flags, happens
from c360.sample.encounters.encounters import Encounters
from c360.sample.landing.clocks import CHANGES_BACK, paris
from c360.sample.landing.columns import numbered, only_where, taken, uuids_of, wall_clock
from c360.sample.landing.devices import advertising_ids
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, unparsable_date
from c360.sample.story import Story
from c360.sample.timeline import Moments
from c360.sample.world import World

FAULTS = (DUPLICATE, CUT_OFF, unparsable_date("entered_at"))


def write(rng: np.random.Generator, story: Story, encounters: Encounters, world: World) -> list[RawTable]:
    """One row per visit, known by the card or by the device."""
    visits = encounters.store_visits
    person = visits["person"].to_numpy()
    share = world.touchpoints.places.visits.by_card_share
    has_card = story.people["loyalty_number"].notna().to_numpy()
    by_card = (has_card & happens(rng, share, len(story.people)))[person]
    entered = _with_nights(rng, story.timeline.store_times(visits["day"].to_numpy()), visits["is_night"].to_numpy())
    rows = {
        "visit_id": uuids_of((story.block.number << 32) + np.arange(len(visits)), "store_visits"),
        "store_id": numbered("S", visits["store"].to_numpy(), 2),
        "loyalty_number": only_where(taken(story.people["loyalty_number"], person), by_card),
        "advertising_id": only_where(advertising_ids(story.block.first_person + person), ~by_card),
        "dwell_seconds": numbered("", visits["dwell_seconds"].to_numpy()),
        "entered_at": wall_clock(entered),
    }
    return [
        RawTable(
            "store_visits", "visits", "csv", pa.table(rows), faults=FAULTS, late_by="entered_at", is_sent_twice=True
        )
    ]


def _with_nights(rng: np.random.Generator, entered: Moments, is_night: Flags) -> Moments:
    """Times of visits, those by night moved into the last hour before a clock went back, and the hour after."""
    if len(entered) == 0:
        return entered
    nights = CHANGES_BACK[(entered.min() < CHANGES_BACK) & (entered.max() > CHANGES_BACK)]
    if len(nights) == 0:
        return entered
    night = nights[rng.integers(0, len(nights), len(entered))]
    second = rng.integers(-3600, 3600, len(entered)).astype("timedelta64[s]")
    return np.asarray(np.where(is_night, paris(night + second), entered))
