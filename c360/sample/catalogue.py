"""The products of the sample shop, and which of them somebody takes from the shelves."""

import numpy as np
import pandas as pd

from c360.sample.character import level_affluence
from c360.sample.draws import Positions, spread
from c360.sample.timeline import Days
from c360.sample.world import Catalogue, Character


def make_products(rng: np.random.Generator, catalogue: Catalogue) -> pd.DataFrame:
    """One row per product: `sku`, `category`, `price_cents` (euro cents) and `popularity` (a weight)."""
    counts = [category.product_count for category in catalogue.categories]
    medians = np.repeat([category.median_price_eur for category in catalogue.categories], counts)
    euros = np.maximum(
        np.round(medians * spread(rng, catalogue.price_spread, len(medians))), catalogue.lowest_price_eur
    )
    rank = 1 + rng.permutation(len(medians))
    return pd.DataFrame(
        {
            "sku": "SKU-" + pd.Series(range(1, len(medians) + 1)).astype("str").str.zfill(5),
            "category": pd.Series(np.repeat([category.name for category in catalogue.categories], counts), dtype="str"),
            "price_cents": (100 * euros).astype("int64") - catalogue.below_euro_cents,
            "popularity": rank**-catalogue.popularity_exponent,
        }
    )


class Shelves:
    """The products as people of each level of affluence see them: over all categories, and in each of them."""

    def __init__(self, products: pd.DataFrame, catalogue: Catalogue, character: Character) -> None:
        names = [category.name for category in catalogue.categories]
        self.any_category = len(names)
        """Stands for the number of a category where it may be any."""
        self.category_of = products["category"].map({name: number for number, name in enumerate(names)}).to_numpy()
        """The number of each product's category."""
        self._product_count = len(products)
        price = products["price_cents"].to_numpy() / products["price_cents"].median()
        liking = price[None, :] ** (character.price_elasticity * level_affluence(character))[:, None]
        is_on_shelf = np.vstack([self.category_of == number for number in range(len(names))] + [price > 0])
        weights = (liking * products["popularity"].to_numpy())[:, None, :] * is_on_shelf[None, :, :]
        chances = weights / weights.sum(axis=2, keepdims=True)
        self.mean_price_cents = chances @ products["price_cents"].to_numpy()
        """Mean price of what is taken, by level of affluence and category."""
        shelf = np.arange(chances.shape[0] * chances.shape[1])[:, None]
        self._reached = (shelf + np.cumsum(chances, axis=2).reshape(len(shelf), -1)).ravel()

    def take(self, rng: np.random.Generator, level: Positions, category: Positions) -> Positions:
        """A product (position) for each level of affluence and category."""
        shelf = level * (self.any_category + 1) + category
        found = (
            np.searchsorted(self._reached, shelf + rng.random(len(shelf)), side="right") - shelf * self._product_count
        )
        return np.minimum(found, self._product_count - 1)


def yearly_value_eur(people: pd.DataFrame, shelves: Shelves, character: Character, pieces_per_order: float) -> Days:
    """What each person would spend in a year of being active, in euros, if they bought like everybody else."""
    level, taste = people["affluence_level"].to_numpy(), people["taste_number"].to_numpy()
    price = shelves.mean_price_cents
    mean_cents = character.taste_share * price[level, taste] + (1 - character.taste_share) * price[level, -1]
    return np.asarray(people["latent_orders_per_year"].to_numpy() * pieces_per_order * mean_cents / 100)
