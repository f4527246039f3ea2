"""The segments that a data provider sells about devices: often right, sometimes wrong, partly about strangers."""

import numpy as np
import pandas as pd

from c360.sample.block import Block
from c360.sample.draws import Flags, happens, pick
from c360.sample.encounters.touchpoints import ThirdParty
from c360.sample.story import Story

TRAITS = (
    "affluent_household",
    "family_with_children",
    "sports_fan",
    "home_improver",
    "beauty_shopper",
    "bargain_hunter",
)
"""What the provider claims of a device."""
TRAIT_OF_TASTE = {
    "sport": "sports_fan",
    "maison": "home_improver",
    "beaute": "beauty_shopper",
    "enfant": "family_with_children",
}
"""What a true segment says of whoever likes a category best; of the others it tells by their means."""


def sell_segments(rng: np.random.Generator, story: Story, third_party: ThirdParty) -> pd.DataFrame:
    """Every delivered row: `device` (number; a person's or a stranger's), `person` (-1), `trait` (position), `day`."""
    people, block = story.people, story.block
    known = np.flatnonzero(
        ~people["is_minor"].to_numpy(dtype=bool) & happens(rng, third_party.known_share, len(people))
    )
    true = _true_traits(people)[known]
    is_right = happens(rng, third_party.right_share, len(known))
    trait = np.where(is_right, true, pick(rng, np.ones(len(TRAITS)), len(known)))
    strangers = int(len(known) * third_party.stranger_share)
    rows = pd.DataFrame(
        {
            "device": np.concatenate([block.first_person + known, stranger_numbers(block, strangers)]),
            "person": np.concatenate([known, np.full(strangers, -1)]),
            "trait": np.concatenate([trait, pick(rng, np.ones(len(TRAITS)), strangers)]),
        }
    )
    number = rng.integers(0, third_party.deliveries, len(rows))
    days = story.timeline.day_count * (np.arange(third_party.deliveries) + 0.5) / third_party.deliveries
    return rows.assign(day=days[number]).sort_values(["day", "device"], kind="stable", ignore_index=True)


def stranger_numbers(block: Block, count: int) -> np.ndarray:
    """Numbers of devices that belong to nobody in the world."""
    return (1 << 40) + (block.number << 24) + np.arange(count)


def _true_traits(people: pd.DataFrame) -> np.ndarray:
    places = {trait: place for place, trait in enumerate(TRAITS)}
    by_taste = people["taste"].map({taste: places[trait] for taste, trait in TRAIT_OF_TASTE.items()})
    is_rich: Flags = people["affluence"].to_numpy() > 0
    by_means = np.where(is_rich, places["affluent_household"], places["bargain_hunter"])
    return np.where(by_taste.isna(), by_means, by_taste.fillna(0)).astype(np.int64)
