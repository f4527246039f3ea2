"""The life of the sample world as its source systems would export it, one module per source system."""

import numpy as np

from c360.sample.encounters.encounters import Encounters
from c360.sample.landing import (
    ads,
    call_centre,
    consents,
    dmp,
    email,
    ga4,
    hubspot,
    loyalty,
    pos,
    products,
    salesforce,
    segment,
    shopify,
    signups,
    store_visits,
    surveys,
    virtual_store,
    web_shop,
)
from c360.sample.raw_table import RawTable
from c360.sample.story import Story
from c360.sample.world import World


def write_down(rng: np.random.Generator, story: Story, encounters: Encounters, world: World) -> list[RawTable]:
    """Every table of every source for one block of people, clean.

    Each source has a chance of its own, so that a change in one leaves the others alone. An empty table is left out.
    """
    chances = iter(rng.spawn(15))
    told, touchpoints, writing = (story, encounters, world), world.touchpoints, world.writing
    tables = [
        *web_shop.write(next(chances), story, writing),
        *pos.write(next(chances), story, writing),
        *consents.write(next(chances), story, writing),
        *products.write(next(chances), story, touchpoints.feed, world.shop.catalogue),
        *ga4.write(next(chances), *told),
        *segment.write(next(chances), *told),
        *shopify.write(next(chances), *told),
        *loyalty.write(next(chances), *told),
        *salesforce.write(next(chances), *told),
        *hubspot.write(next(chances), *told),
        *signups.write(next(chances), *told),
        *ads.write(next(chances), *told),
        *call_centre.write(next(chances), *told),
        *store_visits.write(next(chances), *told),
        *surveys.write(next(chances), *told),
        *email.write(story, encounters),
        *dmp.write(story, encounters, touchpoints.third_party),
        *virtual_store.write(story, encounters),
    ]
    return [table for table in tables if len(table.rows)]
