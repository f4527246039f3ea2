"""Campaigns: whom they may reach, whom they reached, whom chance held back, and whom they moved.

An e-mail campaign reaches people whose consent to e-mail stands from its first day to its last; a campaign of ads on a
platform those whose consent to that platform does.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from c360.sample.consent import AD_PURPOSES, AD_RECIPIENTS, Answers
from c360.sample.draws import Positions, happens, texts
from c360.sample.timeline import Days, Timeline
from c360.sample.world import Campaigning, Catalogue

NONE = -1
"""Stands for the position of a campaign where there is none."""
PLATFORMS = ("own", *AD_RECIPIENTS)
"""Who carries a campaign's messages: the shop's own e-mail, or an ad platform."""


@dataclass(frozen=True)
class Campaigns:
    """The campaigns of a world and what they did to a block of people."""

    campaigns: pd.DataFrame
    """The same in every block: `campaign_id`, `name`, `channel` (`email`, `ads`), `platform` (`own`, `google_ads`,
    `meta`), `start_day`, `end_day` (days since the world's start, the end exclusive), `category` it is about and its
    `category_number`."""
    treatments: pd.DataFrame
    """One row per person and campaign they were eligible for: `person`, `campaign` (position), `is_treated` (False:
    chance held them back), `day` on which they were or would have been reached, `extra_order_count` it gave or took."""


@dataclass(frozen=True)
class Response:
    """What treatments do to orders. Every column is as long as the orders it adds."""

    treatment: Positions
    """The treatment (position) each added order follows."""
    day: Days
    is_caused: np.ndarray
    """Whether the order would not have been without being reached."""


def plan_campaigns(
    rng: np.random.Generator, campaigning: Campaigning, catalogue: Catalogue, timeline: Timeline
) -> pd.DataFrame:
    """The campaigns of a world, see `Campaigns.campaigns`."""
    count = campaigning.campaign_count
    number = np.arange(count)
    start = np.floor(timeline.day_count * (number + 0.5) / max(count, 1))
    platform = texts(PLATFORMS, number % len(PLATFORMS))
    category_number = rng.integers(0, len(catalogue.categories), count)
    category = texts([category.name for category in catalogue.categories], category_number)
    return pd.DataFrame(
        {
            "campaign_id": "CMP-" + pd.Series(number + 1).astype("str").str.zfill(3),
            "name": category + "_" + platform,
            "channel": platform.map({"own": "email"}).fillna("ads"),
            "platform": platform,
            "start_day": start,
            "end_day": start + campaigning.duration_days,
            "category": category,
            "category_number": category_number,
        }
    )


def treat(
    rng: np.random.Generator,
    people: pd.DataFrame,
    answers: Answers,
    campaigns: pd.DataFrame,
    campaigning: Campaigning,
) -> pd.DataFrame:
    """Who was eligible for each campaign, and who of them was reached: see `Campaigns.treatments`."""
    parts = []
    for campaign, platform, start in zip(campaigns.index, campaigns["platform"], campaigns["start_day"], strict=True):
        purpose = "email_marketing" if platform == PLATFORMS[0] else AD_PURPOSES[0]
        may_be = answers.stand(purpose, platform, start)
        may_be &= answers.stand(purpose, platform, start + campaigning.duration_days)
        may_be &= people["joined_day"].to_numpy() <= start - campaigning.known_for_days
        may_be &= ~(people["is_minor"] | people["is_test"] | people["is_prospect"]).to_numpy()
        person = np.flatnonzero(may_be & happens(rng, campaigning.targeted_share, len(people)))
        day = start + rng.random(len(person)) * campaigning.duration_days
        is_treated = ~happens(rng, campaigning.holdout_share, len(person))
        parts.append(pd.DataFrame({"person": person, "campaign": campaign, "is_treated": is_treated, "day": day}))
    return pd.concat(parts, ignore_index=True)


def respond(
    rng: np.random.Generator,
    people: pd.DataFrame,
    treatments: pd.DataFrame,
    campaigning: Campaigning,
    timeline: Timeline,
) -> Response:
    """The orders that people place because of a campaign, or of what it is about, while they still buy."""
    kind = _class_of(people, campaigning)[treatments["person"]]
    caused = np.array([kind.extra_orders_if_reached for kind in campaigning.classes])[kind] * treatments["is_treated"]
    anyway = np.array([kind.orders_anyway for kind in campaigning.classes])[kind]
    counts = rng.poisson(np.column_stack([caused, anyway]))
    treatment = np.concatenate([np.repeat(np.arange(len(kind)), counts[:, of]) for of in (0, 1)])
    is_caused = np.arange(len(treatment)) < counts[:, 0].sum()
    day = treatments["day"].to_numpy()[treatment] + rng.random(len(treatment)) * campaigning.effect_days
    last = np.minimum(people["dropped_out_day"].to_numpy()[treatments["person"]], timeline.day_count)[treatment]
    is_placed = day < last
    return Response(treatment[is_placed], day[is_placed], is_caused[is_placed])


def lost_orders(
    rng: np.random.Generator,
    people: pd.DataFrame,
    treatments: pd.DataFrame,
    orders: pd.DataFrame,
    campaigning: Campaigning,
) -> pd.DataFrame:
    """Which `order` (position) a campaign costs, by `treatment` (position): each order once."""
    share = np.array([kind.lost_share_if_reached for kind in campaigning.classes])
    share = share[_class_of(people, campaigning)[treatments["person"]]] * treatments["is_treated"].to_numpy()
    harmful = np.flatnonzero(share > 0)
    reached = treatments.iloc[harmful][["person", "day"]].assign(treatment=harmful, share=share[harmful])
    planned = orders[["person", "day"]].assign(order=np.arange(len(orders)))
    planned = planned[planned["person"].isin(reached["person"])]
    met = planned.merge(reached, on="person", suffixes=("", "_reached"))
    days_after = met["day"] - met["day_reached"]
    met = met[days_after.between(0, campaigning.effect_days) & happens(rng, met["share"].to_numpy(), len(met))]
    return met[["order", "treatment"]].drop_duplicates("order")


def with_effects(treatments: pd.DataFrame, gained: Positions, lost: Positions) -> pd.DataFrame:
    """`treatments` with `extra_order_count`, from the treatment of each order gained and of each lost."""
    count = len(treatments)
    extra = np.bincount(gained, minlength=count) - np.bincount(lost, minlength=count)
    return treatments.assign(extra_order_count=extra)


def _class_of(people: pd.DataFrame, campaigning: Campaigning) -> Positions:
    number = people["uplift_class"].map({kind.name: number for number, kind in enumerate(campaigning.classes)})
    return np.asarray(number, dtype=np.int64)
