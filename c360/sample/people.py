"""Who lives in the sample world, and which source systems know them. No two people share an identifier."""

import numpy as np
import pandas as pd

from c360.sample.countries import COUNTRIES, Country
from c360.sample.draws import distinct, happens, pick, serials
from c360.sample.spelling import without_accents
from c360.sample.timeline import DAYS_PER_YEAR, Timeline
from c360.sample.world import Ages, Reach, World

EMAIL_DOMAINS = ("example.com", "example.net", "example.org")
"""Domains that are reserved for examples: nobody's mail goes there."""


def make_people(rng: np.random.Generator, count: int, world: World, timeline: Timeline) -> pd.DataFrame:
    """One row per person: what they are called, where they live, how they are reached, and what sources know of them.

    Missing `account_id`, `loyalty_number` and `contact_id` mean that the source does not know the person. `is_store`
    and `is_web` say where a person buys; `is_prospect` people never do, `is_guest` people have no account and no card.
    """
    people = _at_home(rng, count)
    people = people.join(_addresses(rng, people, world.writing.spelling.second_email_share))
    people["birth_date"] = _birth_dates(rng, count, world.ages, timeline)
    return people.join(_known_by(rng, people["store_reach"].to_numpy(), world.reach))


def _at_home(rng: np.random.Generator, count: int) -> pd.DataFrame:
    country = pick(rng, [country.share for country in COUNTRIES], count)
    parts = [_people_of(rng, COUNTRIES[number], np.flatnonzero(country == number)) for number in range(len(COUNTRIES))]
    people = pd.concat(parts).sort_index()
    people.insert(0, "person_id", "p_" + (people.index + 1).astype(str).str.zfill(7))
    return people


def _people_of(rng: np.random.Generator, country: Country, rows: np.ndarray) -> pd.DataFrame:
    place = rng.integers(0, len(country.places), len(rows))
    people = pd.DataFrame(
        {
            "country_code": country.code,
            "currency_code": country.currency_code,
            "store_reach": country.store_reach,
            "first_name": np.array(country.first_names)[rng.integers(0, len(country.first_names), len(rows))],
            "last_name": np.array(country.last_names)[rng.integers(0, len(country.last_names), len(rows))],
            "city": np.array([city for city, _ in country.places])[place],
            "postal_code": np.array([code for _, code in country.places])[place],
        },
        index=rows,
    )
    return people.join(_phones(rng, country, rows))


def _phones(rng: np.random.Generator, country: Country, rows: np.ndarray) -> pd.DataFrame:
    plan = country.phones
    prefix = np.array(plan.prefixes)[rng.integers(0, len(plan.prefixes), len(rows))]
    subscriber = pd.Series(distinct(rng, len(rows), 10**plan.subscriber_digits), index=rows).astype(str)
    digits = plan.trunk + pd.Series(prefix, index=rows) + subscriber.str.zfill(plan.subscriber_digits)
    ends = np.cumsum(plan.groups)
    national = digits.str.slice(0, int(ends[0]))
    for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        national = national + " " + digits.str.slice(start, end)
    international = f"+{plan.calling_code} " + national.str.slice(len(plan.trunk))
    return pd.DataFrame({"phone_national": national, "phone_international": international})


def _addresses(rng: np.random.Generator, people: pd.DataFrame, second_share: float) -> pd.DataFrame:
    first, last = (_letters(people[column]) for column in ("first_name", "last_name"))
    number = pd.Series(serials(rng, 2 * len(people), 7), dtype="int64").astype(str).to_numpy()
    domain = np.array(EMAIL_DOMAINS)[rng.integers(0, len(EMAIL_DOMAINS), 2 * len(people))]
    email = first + "." + last + number[: len(people)] + "@" + domain[: len(people)]
    second = first.str.slice(0, 1) + last + number[len(people) :] + "@" + domain[len(people) :]
    return pd.DataFrame({"email": email, "second_email": second.where(happens(rng, second_share, len(people)))})


def _letters(names: pd.Series) -> pd.Series:
    return without_accents(names).str.lower().str.replace(r"[^a-z-]", "", regex=True)


def _birth_dates(rng: np.random.Generator, count: int, ages: Ages, timeline: Timeline) -> np.ndarray:
    years = np.clip(rng.normal(ages.mean_years, ages.spread_years, count), ages.youngest_years, ages.oldest_years)
    return timeline.dates(timeline.day_count - years * DAYS_PER_YEAR)


def _known_by(rng: np.random.Generator, store_reach: np.ndarray, reach: Reach) -> pd.DataFrame:
    count = len(store_reach)
    is_store = happens(rng, reach.store_share * store_reach, count)
    is_web = ~is_store | happens(rng, reach.store_and_web_share, count)
    has_account = is_web & happens(rng, reach.account_share, count)
    has_card = is_store & (~is_web | happens(rng, reach.card_share, count))
    has_contact = has_card | (has_account & happens(rng, reach.contact_share, count))
    return pd.DataFrame(
        {
            "is_store": is_store,
            "is_web": is_web,
            "is_prospect": has_account & ~is_store & happens(rng, reach.prospect_share, count),
            "is_guest": ~has_account & ~has_card,
            "account_id": _numbers(rng, "A", has_account),
            "loyalty_number": _numbers(rng, "29", has_card),
            "contact_id": _numbers(rng, "C", has_contact),
        }
    )


def _numbers(rng: np.random.Generator, prefix: str, is_known: np.ndarray) -> pd.Series:
    number = pd.Series(serials(rng, len(is_known), 9), dtype="int64").astype(str)
    return (prefix + number).where(is_known)
