"""What happened to one block of people: all that the sources may tell of them, and the truth knows."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from c360.sample.block import Block
from c360.sample.browsing import Visits, browse
from c360.sample.campaigns import Campaigns, treat
from c360.sample.character import with_character
from c360.sample.consent import Answers, answer
from c360.sample.lifecycle import live
from c360.sample.people import make_people
from c360.sample.setting import Setting, make_setting
from c360.sample.shopping import Purchases, go_shopping
from c360.sample.timeline import Timeline
from c360.sample.world import World


@dataclass(frozen=True)
class Story:
    """Everything that happened to the people of a block. `person` columns hold positions in `people`."""

    block: Block
    people: pd.DataFrame
    """One row per person; `people`, `character` and `lifecycle` make its columns."""
    products: pd.DataFrame
    """The same in every block."""
    purchases: Purchases
    visits: Visits
    answers: Answers
    campaigns: Campaigns
    timeline: Timeline


def tell(rng: np.random.Generator, block: Block, setting: Setting) -> Story:
    """Let a block of the world happen; each part has a chance of its own: a change in one leaves the others alone."""
    for_people, for_traits, for_lives, for_answers, for_campaigns, for_orders, for_visits = rng.spawn(7)
    world, timeline = setting.world, setting.timeline
    people = make_people(for_people, block, world, timeline)
    people = with_character(for_traits, people, world.shop.catalogue, world.character, world.campaigning.classes)
    people = live(for_lives, people, world.lifecycle, world.character.rate_correlation, timeline)
    answers = answer(for_answers, block, people, world.consent, timeline)
    treatments = treat(for_campaigns, people, answers, setting.campaigns, world.campaigning)
    purchases, treatments = go_shopping(for_orders, block, people, treatments, setting)
    visits = browse(for_visits, block, people, purchases, setting)
    campaigns = Campaigns(setting.campaigns, treatments)
    return Story(block, people, setting.products, purchases, visits, answers, campaigns, timeline)


def at_events_per_customer(world: World, events_per_customer: float, seed: int, timeline: Timeline) -> World:
    """`world` with visits that are as frequent as it takes for so many events per customer.

    Events are those of the web shop, orders, and people reached by a campaign. A pilot tells how many there are with
    the visits as they are, and without any.

    Raises:
        ValueError: there are more even without a visit that ends without an order.
    """
    least, usual = (_events_per_customer(_with_visits(world, factor), seed, timeline) for factor in (0.0, 1.0))
    if events_per_customer < least:
        raise ValueError(f"orders alone bring {least:.1f} events per customer")
    return _with_visits(world, (events_per_customer - least) / (usual - least))


def _with_visits(world: World, factor: float) -> World:
    browsing = world.browsing
    return replace(
        world,
        browsing=replace(
            browsing,
            visits_per_year=browsing.visits_per_year * factor,
            passer_by_visits_per_person_year=browsing.passer_by_visits_per_person_year * factor,
        ),
    )


def _events_per_customer(world: World, seed: int, timeline: Timeline) -> float:
    count = world.browsing.pilot_people
    rng = np.random.default_rng(seed)
    story = tell(rng, Block(0, 0, count, count, 1, seed), make_setting(rng, world, timeline))
    reached = int(story.campaigns.treatments["is_treated"].sum())
    return (len(story.visits.events) + len(story.purchases.orders) + reached) / count
