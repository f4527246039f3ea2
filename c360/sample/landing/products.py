"""The product feed, tab separated as shopping channels take it: a row per product and change of its price."""

import numpy as np
import pandas as pd
import pyarrow as pa

from c360.sample.draws import happens, pick, spread
from c360.sample.encounters.touchpoints import ProductFeed
from c360.sample.landing.columns import chosen, joined, money, numbered, taken, utc
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, unparsable_amount
from c360.sample.story import Story
from c360.sample.timeline import DAYS_PER_YEAR
from c360.sample.world import Catalogue

AVAILABILITIES = ("in_stock", "out_of_stock", "preorder")
BRANDS = ("Atelier Nord", "Belle Rive", "Cap Ouest", "Maison Dune", "Petit Jour")
GTIN_PREFIX = 200_000_000_000
"""The range that GS1 keeps for use inside a company: no product of the world bears these numbers."""
FAULTS = (DUPLICATE, CUT_OFF, unparsable_amount("price"))


def write(rng: np.random.Generator, story: Story, feed: ProductFeed, catalogue: Catalogue) -> list[RawTable]:
    """The feed, in the first block alone: all blocks share the products."""
    if story.block.number > 0:
        return []
    versions = _versions(rng, story, feed, catalogue)
    product = versions["product"].to_numpy()
    weights = (1 - feed.out_of_stock_share - feed.preorder_share, feed.out_of_stock_share, feed.preorder_share)
    sku, category = taken(story.products["sku"], product), taken(story.products["category"], product)
    brand = product % len(BRANDS)
    rows = {
        "id": sku,
        "title": joined(category, " ", chosen(BRANDS, brand), " ", numbered("n° ", product + 1)),
        "product_type": category,
        "brand": chosen(BRANDS, brand),
        "gtin": _gtins(product),
        "price": money(versions["price_cents"]),
        "cost": money(np.round(story.products["price_cents"].to_numpy()[product] * feed.cost_factor)),
        "currency_code": chosen(("EUR",), np.zeros(len(versions), dtype="int64")),
        "availability": chosen(AVAILABILITIES, pick(rng, weights, len(versions))),
        "link": joined("https://www.example.com/p/", sku),
        "updated_at": utc(story.timeline.web_times(versions["day"].to_numpy())),
    }
    return [RawTable("products", "products", "csv", pa.table(rows), delimiter="\t", faults=FAULTS)]


def _versions(rng: np.random.Generator, story: Story, feed: ProductFeed, catalogue: Catalogue) -> pd.DataFrame:
    """Every state of every product, in order of time; the last price is the one that the shop sells at."""
    half_years = max(1, round(2 * story.timeline.day_count / DAYS_PER_YEAR))
    count = len(story.products)
    change = np.flatnonzero(happens(rng, feed.changed_share, count * half_years))
    changed, half_year = change % count, change // count
    day = (half_year + rng.random(len(change))) * story.timeline.day_count / half_years
    versions = pd.DataFrame(
        {"product": np.concatenate([np.arange(count), changed]), "day": np.concatenate([np.zeros(count), day])}
    ).sort_values("day", kind="stable", ignore_index=True)
    is_last = ~versions["product"].duplicated(keep="last").to_numpy()
    price = story.products["price_cents"].to_numpy()[versions["product"]]
    euros = np.round(price * spread(rng, feed.change_spread, len(versions)) / 100)
    earlier = 100 * np.maximum(euros, catalogue.lowest_price_eur) - catalogue.below_euro_cents
    return versions.assign(price_cents=np.where(is_last, price, earlier).astype("int64"))


def _gtins(product: np.ndarray) -> pa.StringArray:
    """Thirteen digits, the last a check of the others."""
    number = GTIN_PREFIX + product
    digits = number[:, None] // 10 ** np.arange(11, -1, -1) % 10
    check = -(digits @ np.tile((1, 3), 6)) % 10
    return numbered("", number * 10 + check)
