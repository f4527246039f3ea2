"""When people join, how often they buy, when they drop out, and when they begin to fade."""

import numpy as np
import pandas as pd

from c360.sample.draws import happens, pick, texts
from c360.sample.timeline import Days, Timeline
from c360.sample.world import Lifecycle


def live(
    rng: np.random.Generator, people: pd.DataFrame, lifecycle: Lifecycle, rate_correlation: float, timeline: Timeline
) -> pd.DataFrame:
    """`people` with their lives: days since the start of the world, which may lie before it or after its end.

    Adds `churn_hazard_class`, `joined_day`, `dropped_out_day`, `fade_started_day`, `latent_orders_per_year`, the
    purchase rate while active, and `orders_per_year`, the same but 0 for prospects. Some of those
    who joined before the start have also dropped out before it: sources know them, but they never come.
    """
    count = len(people)
    joined = _joined_days(rng, people["is_guest"].to_numpy(), lifecycle, timeline)
    hazard = pick(rng, [kind.share for kind in lifecycle.hazard_classes], count)
    mean_days = np.array([kind.mean_active_days for kind in lifecycle.hazard_classes])[hazard]
    dropped_out = joined + rng.exponential(mean_days)
    fade_days = rng.uniform(lifecycle.fade_min_days, lifecycle.fade_max_days, count)
    rate = _order_rates(rng, people["affluence"].to_numpy(), lifecycle, rate_correlation)
    return people.assign(
        churn_hazard_class=texts([kind.name for kind in lifecycle.hazard_classes], hazard),
        joined_day=joined,
        dropped_out_day=dropped_out,
        fade_started_day=np.maximum(dropped_out - fade_days, joined),
        latent_orders_per_year=rate,
        orders_per_year=np.where(people["is_prospect"], 0.0, rate),
    )


def _order_rates(rng: np.random.Generator, affluence: Days, lifecycle: Lifecycle, correlation: float) -> Days:
    """Log-normal rates, the more affluent buying more often."""
    rest = rng.normal(0.0, 1.0, len(affluence))
    score = correlation * affluence + np.sqrt(1 - correlation**2) * rest
    return np.asarray(lifecycle.orders_per_year * np.exp(lifecycle.orders_spread * score))


def _joined_days(
    rng: np.random.Generator, is_guest: np.ndarray, lifecycle: Lifecycle, timeline: Timeline
) -> np.ndarray:
    """A guest is first known by an order, so guests join within the world."""
    count = len(is_guest)
    is_existing = happens(rng, lifecycle.existing_share, count) & ~is_guest
    before = -rng.random(count) * lifecycle.existing_for_days
    within = rng.random(count) * timeline.day_count
    return np.where(is_existing, before, within)
