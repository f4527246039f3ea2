"""The loyalty programme: points, tiers, and when a member's account changes."""

import numpy as np
import pandas as pd

from c360.sample.draws import Positions
from c360.sample.encounters.touchpoints import LoyaltyProgramme
from c360.sample.shopping import NOBODY, Purchases
from c360.sample.story import Story
from c360.sample.timeline import DAYS_PER_YEAR, Timeline

TIERS = ("bronze", "silver", "gold")
JOINED = -1
"""The `statement` of the row written on joining."""


def settle_accounts(story: Story, programme: LoyaltyProgramme) -> pd.DataFrame:
    """Every state of every member's account, in order of time.

    A member has a row on joining, and one for every statement since which the points have changed.

    Returns:
        `person`, `statement` (number, or `JOINED`), `day`, `tier` (position in `TIERS`), `points`.
    """
    people, purchases, timeline = story.people, story.purchases, story.timeline
    members = np.flatnonzero((people["loyalty_number"].notna() & people["is_card_owner"]).to_numpy(dtype=bool))
    edges = _statement_days(programme, timeline)
    spent = _spent_cents(people, purchases, edges)[members]
    row, statement = np.nonzero(spent != 0)
    total, of_year = np.cumsum(spent, axis=1), _of_a_year(spent, programme)
    settled = pd.DataFrame(
        {
            "person": members[row],
            "statement": statement,
            "day": edges[statement],
            "tier": np.digitize(of_year[row, statement] / 100, (programme.silver_eur, programme.gold_eur)),
            "points": np.maximum(total[row, statement] * programme.points_per_eur // 100, 0).astype("int64"),
        }
    )
    joined = people["joined_day"].to_numpy()[members]
    first = pd.DataFrame({"person": members, "statement": JOINED, "day": joined, "tier": 0, "points": 0})
    return pd.concat([first, settled]).sort_values(["day", "person"], kind="stable", ignore_index=True)


def _statement_days(programme: LoyaltyProgramme, timeline: Timeline) -> np.ndarray:
    """Where each statement's period ends; the last one ends with the world."""
    last = timeline.day_count - 0.5
    return np.append(np.arange(programme.statement_days, last, programme.statement_days), last).astype(float)


def _spent_cents(people: pd.DataFrame, purchases: Purchases, edges: np.ndarray) -> np.ndarray:
    """What each person's card collected in the period of each statement, from the whole family. Returns take off."""
    orders, lines = purchases.orders, purchases.lines
    is_counted = (orders["shows_card"] | orders["is_signed_in"]).to_numpy(dtype=bool)
    chosen = lines[is_counted[lines["order"]]]
    account = _accounts(people)[orders["person"].to_numpy()[chosen["order"]]]
    period = np.minimum(np.searchsorted(edges, chosen["day"].to_numpy()), len(edges) - 1)
    cents = (chosen["quantity"] * chosen["unit_cents"]).to_numpy()
    is_collected = account >= 0
    flat = np.bincount(
        account[is_collected] * len(edges) + period[is_collected],
        weights=cents[is_collected],
        minlength=len(people) * len(edges),
    )
    return np.asarray(flat.reshape(len(people), len(edges)).astype("int64"))


def _accounts(people: pd.DataFrame) -> Positions:
    """Whose card each person shows: a position, -1 for no card and, in the last place, for nobody."""
    owners = people[people["is_card_owner"].to_numpy(dtype=bool)].dropna(subset="loyalty_number")
    owner = pd.Index(owners["loyalty_number"]).get_indexer(people["loyalty_number"])
    return np.append(np.append(owners.index.to_numpy(), NOBODY)[owner], NOBODY)


def _of_a_year(spent: np.ndarray, programme: LoyaltyProgramme) -> Positions:
    """What was spent in the year before each statement, that statement's period included."""
    periods = max(1, round(DAYS_PER_YEAR / programme.statement_days))
    total = np.cumsum(spent, axis=1)
    before = np.pad(total, ((0, 0), (periods, 0)))[:, : total.shape[1]]
    return np.asarray(total - before)
