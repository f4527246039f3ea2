"""What people answer to satisfaction surveys, and what they say they like."""

import numpy as np
import pandas as pd

from c360.sample.draws import Positions, happens
from c360.sample.encounters.service import NO_ORDER, brought_back
from c360.sample.encounters.touchpoints import Declarations, Surveys
from c360.sample.shopping import NOBODY
from c360.sample.story import Story
from c360.sample.timeline import Days

LOWEST_NPS, HIGHEST_NPS = 0, 10


def respond(
    rng: np.random.Generator, story: Story, calls: pd.DataFrame, surveys: Surveys, said: Declarations
) -> pd.DataFrame:
    """Every answered survey, in order of time.

    Returns:
        `response_id`, `person`, `order` (position in the orders), `day`, `nps`, and `favourite`, the declared category
        (missing for who declared nothing): mostly the one they really like best.
    """
    people, orders = story.people, story.purchases.orders
    asked = (orders["person"].to_numpy() != NOBODY) & ~orders["is_return"].to_numpy(dtype=bool)
    order = np.flatnonzero(asked & happens(rng, surveys.answered_share, len(orders)))
    day = orders["day"].to_numpy()[order] + rng.random(len(order)) * surveys.delay_max_days
    order, day = order[day < story.timeline.day_count], day[day < story.timeline.day_count]
    answers = pd.DataFrame(
        {
            "person": orders["person"].to_numpy()[order],
            "order": order,
            "day": day,
            "nps": _nps(rng, order, story, calls, surveys),
            "favourite": _declared(rng, people["taste"].iloc[orders["person"].to_numpy()[order]], said),
        }
    )
    answers = answers.sort_values("day", kind="stable", ignore_index=True)
    answers.insert(0, "response_id", story.block.in_order("SR", len(answers)))
    return answers


def _nps(rng: np.random.Generator, order: Positions, story: Story, calls: pd.DataFrame, surveys: Surveys) -> Positions:
    """0 to 10: what is usual for the person's hazard class, less after a return and an unresolved contact."""
    unresolved = np.zeros(len(story.purchases.orders), dtype=bool)
    is_unresolved = ~calls["is_resolved"].to_numpy(dtype=bool) & (calls["order"] != NO_ORDER).to_numpy()
    unresolved[calls["order"].to_numpy()[is_unresolved]] = True
    usual = _usual(story.people, surveys)[story.purchases.orders["person"].to_numpy()[order]]
    happened = (
        surveys.return_effect * brought_back(story.purchases)[order] + surveys.unresolved_effect * unresolved[order]
    )
    answer = np.round(usual + happened + rng.normal(0.0, surveys.answer_deviation, len(order)))
    return np.asarray(np.clip(answer, LOWEST_NPS, HIGHEST_NPS), dtype=np.int64)


def _usual(people: pd.DataFrame, surveys: Surveys) -> Days:
    means = dict(surveys.class_means)
    return np.asarray(people["churn_hazard_class"].map(means).to_numpy(dtype=float))


def _declared(rng: np.random.Generator, tastes: pd.Series, said: Declarations) -> pd.Series:
    categories = np.sort(tastes.unique())
    if len(categories) == 0:
        return tastes.reset_index(drop=True)
    other = pd.Series(categories[rng.integers(0, len(categories), len(tastes))], index=tastes.index)
    is_true = happens(rng, said.true_favourite_share, len(tastes))
    declares = happens(rng, said.declared_share, len(tastes))
    return tastes.astype("str").where(is_true, other).where(declares).reset_index(drop=True)
