"""What is the same for all people of a world."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from c360.sample.campaigns import plan_campaigns
from c360.sample.catalogue import Shelves, make_products
from c360.sample.timeline import Timeline
from c360.sample.world import World


@dataclass(frozen=True)
class Setting:
    """The world's parameters and time, what there is to buy, and the campaigns that speak of it."""

    world: World
    timeline: Timeline
    products: pd.DataFrame
    shelves: Shelves
    campaigns: pd.DataFrame


def make_setting(rng: np.random.Generator, world: World, timeline: Timeline) -> Setting:
    """The products and the campaigns of a world."""
    for_products, for_campaigns = rng.spawn(2)
    products = make_products(for_products, world.shop.catalogue)
    campaigns = plan_campaigns(for_campaigns, world.campaigning, world.shop.catalogue, timeline)
    return Setting(world, timeline, products, Shelves(products, world.shop.catalogue, world.character), campaigns)
