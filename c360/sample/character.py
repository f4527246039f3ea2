"""Lasting traits of people that no source names: what they like, what they can spend, how they answer to campaigns."""

import numpy as np
import pandas as pd
from scipy.stats import norm

from c360.sample.draws import Positions, pick, texts
from c360.sample.timeline import Days
from c360.sample.world import Catalogue, Character, UpliftClass


def with_character(
    rng: np.random.Generator,
    people: pd.DataFrame,
    catalogue: Catalogue,
    character: Character,
    classes: tuple[UpliftClass, ...],
) -> pd.DataFrame:
    """`people` with their traits.

    Adds `taste` (favourite category) and its `taste_number`, `affluence` (mean 0, deviation 1) and its
    `affluence_level` from 0, and `uplift_class`.
    """
    count = len(people)
    affluence = rng.normal(0.0, 1.0, count)
    taste = rng.integers(0, len(catalogue.categories), count)
    return people.assign(
        taste=texts([category.name for category in catalogue.categories], taste),
        taste_number=taste,
        affluence=affluence,
        affluence_level=affluence_levels(affluence, character),
        uplift_class=texts([kind.name for kind in classes], _classes(rng, affluence > 0, classes)),
    )


def affluence_levels(affluence: Days, character: Character) -> Positions:
    """The part of the bell curve, of so many equal ones, in which each affluence lies."""
    level = np.floor(norm.cdf(affluence) * character.affluence_levels).astype("int64")
    return np.asarray(np.minimum(level, character.affluence_levels - 1))


def level_affluence(character: Character) -> Days:
    """The middle affluence of each level."""
    middle = (np.arange(character.affluence_levels) + 0.5) / character.affluence_levels
    return np.asarray(norm.ppf(middle))


def _classes(rng: np.random.Generator, is_more_affluent: np.ndarray, classes: tuple[UpliftClass, ...]) -> Positions:
    less = pick(rng, [kind.share_of_less_affluent for kind in classes], len(is_more_affluent))
    more = pick(rng, [kind.share_of_more_affluent for kind in classes], len(is_more_affluent))
    return np.where(is_more_affluent, more, less)
