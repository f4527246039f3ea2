"""How a source writes people down: as they were known on a day, and as somebody typed it."""

import numpy as np
import pandas as pd
import pyarrow as pa

from c360.sample.draws import Flags, Positions, happens
from c360.sample.landing.columns import only_where, text
from c360.sample.spelling import written_emails, written_names, written_phones, written_streets
from c360.sample.story import Story
from c360.sample.timeline import Days
from c360.sample.world import Writing


def versions(
    rng: np.random.Generator, person: Positions, story: Story, changed_share: float
) -> tuple[Positions, Days, Days]:
    """Who has a row, in order of time: everybody once, and again after a move and some other changes.

    Returns:
        The positions of the people, the day each record was created, and the day of the row's version.
    """
    joined, changed_day = story.people["joined_day"].to_numpy(), _days_of_change(story)
    is_changed = np.isfinite(changed_day[person]) | happens(rng, changed_share, len(person))
    changed = person[is_changed]
    everybody = np.concatenate([person, changed])
    arrival = np.maximum(joined[changed], 0.0)
    any_day = arrival + (story.timeline.day_count - arrival) * rng.random(len(changed))
    told_day = np.where(np.isfinite(changed_day[changed]), changed_day[changed], any_day)
    updated = np.concatenate([joined[person], told_day])
    order = np.argsort(updated, kind="stable")
    return everybody[order], joined[everybody][order], updated[order]


def _days_of_change(story: Story) -> Days:
    """The last day on which each person moved or married while the shop knew them, infinite for the others."""
    days = story.people[["moved_day", "married_day"]].to_numpy(dtype=float)
    is_known = (days > story.people[["joined_day"]].to_numpy()) & (days < story.timeline.day_count)
    last = np.where(is_known, days, -np.inf).max(axis=1)
    return np.asarray(np.where(is_known.any(axis=1), last, np.inf))


def names(rng: np.random.Generator, people: pd.DataFrame, writing: Writing) -> tuple[pa.StringArray, pa.StringArray]:
    """First and last names as typed."""
    first, last = written_names(rng, people["first_name"], people["last_name"], writing.spelling)
    return text(first), text(last)


def emails(
    rng: np.random.Generator, addresses: pd.Series, writing: Writing, share: float | Flags = 1.0
) -> pa.StringArray:
    """Addresses as typed; only where `share` is on, or for that share of rows."""
    return _some(rng, text(written_emails(rng, addresses, writing.spelling)), share)


def phones(
    rng: np.random.Generator, people: pd.DataFrame, writing: Writing, share: float | Flags = 1.0
) -> pa.StringArray:
    """Numbers as typed; only where `share` is on, or for that share of rows."""
    written = written_phones(rng, people["phone_national"], people["phone_international"], writing.spelling)
    return _some(rng, text(written), share)


def streets(rng: np.random.Generator, people: pd.DataFrame, writing: Writing) -> pa.StringArray:
    """Streets as typed."""
    return text(written_streets(rng, people["street"], writing.spelling))


def birth_dates(people: pd.DataFrame) -> pa.StringArray:
    """`1980-06-30`."""
    return pa.array(people["birth_date"].to_numpy().astype("datetime64[D]")).cast(pa.string())


def _some(rng: np.random.Generator, column: pa.StringArray, share: float | Flags) -> pa.StringArray:
    return only_where(column, happens(rng, share, len(column)) if isinstance(share, float) else share)
