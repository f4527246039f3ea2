"""The loyalty programme's file, from a system older than Unicode: Latin-1, semicolons, one row per settled account."""

import numpy as np
import pyarrow as pa

from c360.sample.draws import happens
from c360.sample.encounters.encounters import Encounters
from c360.sample.encounters.loyalty import TIERS
from c360.sample.landing.columns import chosen, numbered, only_where, text, wall_clock
from c360.sample.landing.written import birth_dates, emails, names, phones, streets
from c360.sample.people import as_known
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, invalid_email, invalid_phone, unparsable_date
from c360.sample.story import Story
from c360.sample.world import World

FAULTS = (DUPLICATE, CUT_OFF, unparsable_date("updated_at"), invalid_email("email"), invalid_phone("phone"))


def write(rng: np.random.Generator, story: Story, encounters: Encounters, world: World) -> list[RawTable]:
    """One row per member and change of it."""
    writing, programme, count = world.writing, world.touchpoints.loyalty, len(story.people)
    statements = encounters.statements
    person, day = statements["person"].to_numpy(), statements["day"].to_numpy()
    member = as_known(story.people, person, day)
    first, last = names(rng, member, writing)
    rows = {
        "loyalty_number": text(member["loyalty_number"]),
        "first_name": first,
        "last_name": last,
        "email": emails(rng, member["email"], writing, happens(rng, programme.email_share, count)[person]),
        "phone": phones(rng, member, writing, happens(rng, programme.phone_share, count)[person]),
        "birth_date": only_where(birth_dates(member), happens(rng, programme.birth_date_share, count)[person]),
        "street": streets(rng, member, writing),
        "postal_code": text(member["postal_code"]),
        "city": text(member["city"]),
        "country_code": text(member["country_code"]),
        "tier": chosen(TIERS, statements["tier"].to_numpy()),
        "points_balance": numbered("", statements["points"].to_numpy()),
        "home_store_id": numbered("S", _home_stores(story)[person], 2),
        "joined_at": wall_clock(story.timeline.store_times(member["joined_day"].to_numpy())),
        "updated_at": wall_clock(story.timeline.store_times(day)),
    }
    return [RawTable("loyalty", "members", "csv", pa.table(rows), delimiter=";", encoding="latin-1", faults=FAULTS)]


def _home_stores(story: Story) -> np.ndarray:
    """The store in which each person bought last; the first one for those who never came."""
    orders = story.purchases.orders
    till = orders[(orders["is_store"] & (orders["person"] >= 0)).to_numpy(dtype=bool)]
    home = np.ones(len(story.people), dtype="int64")
    home[till["person"].to_numpy()] = till["store"].to_numpy()
    return home
