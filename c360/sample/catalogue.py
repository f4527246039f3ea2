"""The products of the sample shop."""

import numpy as np
import pandas as pd

from c360.sample.draws import spread
from c360.sample.world import Catalogue


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
            "sku": "SKU-" + pd.Series(range(1, len(medians) + 1)).astype(str).str.zfill(5),
            "category": np.repeat([category.name for category in catalogue.categories], counts),
            "price_cents": (100 * euros).astype("int64") - catalogue.below_euro_cents,
            "popularity": rank**-catalogue.popularity_exponent,
        }
    )
