"""Who lives in the sample world, and which source systems know them.

Nobody shares an account, a contact or a phone number. A card is shared in a family, an e-mail address by a couple.
"""

from itertools import pairwise

import numpy as np
import pandas as pd

from c360.sample.block import Block
from c360.sample.countries import COUNTRIES, Country
from c360.sample.draws import Flags, Positions, at, happens, pick, texts
from c360.sample.households import settle
from c360.sample.spelling import without_accents
from c360.sample.timeline import Days, Timeline
from c360.sample.world import Ages, Changes, Odd, ProtectedGroup, Reach, World

EMAIL_DOMAINS = ("example.com", "example.net", "example.org")
"""Domains that are reserved for examples: nobody's mail goes there."""
TESTERS = ("test", "qa")
"""How the addresses of the shop's own testers begin."""
HIGHEST_HOUSE_NUMBER = 180
ADDRESS = ["street", "city", "postal_code"]
NAME_AND_ADDRESS = ["last_name", *ADDRESS]


def make_people(rng: np.random.Generator, block: Block, world: World, timeline: Timeline) -> pd.DataFrame:
    """One row per person: what they are called, where they live, how they are reached, and what sources know of them.

    Missing `account_id`, `loyalty_number` and `contact_id` mean that the source does not know the person. `is_store`
    and `is_web` say where a person buys; `is_prospect` people never do, `is_guest` people have no account and no card.
    The loyalty number of a family card stands at everybody who shows it; `is_card_owner` is whose it is.
    `previous_` columns hold what was true until `moved_day` and `married_day` and are missing where nothing changed.
    """
    homes = settle(rng, block.person_count, world.households)
    people = homes.join(_named(rng, block, homes, world.protected_group))
    people = people.join(_changes(rng, people, world.changes, timeline))
    people["birth_date"] = _birth_dates(rng, people, world.ages, timeline)
    people["is_minor"] = people["birth_date"].to_numpy() > timeline.birth_dates(np.array([world.ages.consent_years]))
    people = people.join(_known_by(rng, people, world.reach, world.odd, block))
    people = people.join(_emails(rng, block, people, world.writing.spelling.second_email_share))
    people = _with_testers_named(people)
    people.insert(0, "person_id", _person_ids(block))
    return people


def as_known(people: pd.DataFrame, person: Positions, day: Days) -> pd.DataFrame:
    """The rows of `people` at `person`, with the surname and the address each of them had on `day`."""
    known = people.iloc[person].reset_index(drop=True)
    for event, columns in (("married_day", ["last_name"]), ("moved_day", ADDRESS)):
        is_before = day < known[event].to_numpy()
        for column in columns:
            known[column] = known[column].mask(is_before, known[f"previous_{column}"])
    return known


def _person_ids(block: Block) -> pd.Series:
    number = pd.Series(10_000_001 + block.first_person + np.arange(block.person_count)).astype("str")
    return "p_" + number.str.slice(1)


def _named(rng: np.random.Generator, block: Block, homes: pd.DataFrame, group: ProtectedGroup) -> pd.DataFrame:
    """Names, phone numbers, the home's address and group; a household is of one country."""
    head = homes["head"].to_numpy()
    country = pick(rng, [country.share for country in COUNTRIES], len(homes))[head]
    parts = [_people_of(rng, block, COUNTRIES[of], np.flatnonzero(country == of)) for of in range(len(COUNTRIES))]
    people = pd.concat(parts).sort_index()
    people["is_tied"] = people["postal_code"].isin(tied_postal_codes(group))
    for column in [*ADDRESS, "is_tied"]:
        people[column] = at(people[column], head)
    surname_of = np.where(homes["has_head_surname"], head, np.arange(len(homes)))
    people["last_name"] = at(people["last_name"], surname_of)
    share = np.where(people["is_tied"], group.share_in_tied_postcodes, group.share_elsewhere)
    people["group"] = texts(("a", "b"), (happens(rng, share, len(homes))[head]).astype("int64"))
    return people.drop(columns="is_tied")


def _people_of(rng: np.random.Generator, block: Block, country: Country, rows: Positions) -> pd.DataFrame:
    people = pd.DataFrame(
        {
            "country_code": pd.Series(country.code, index=range(len(rows)), dtype="str"),
            "currency_code": pd.Series(country.currency_code, index=range(len(rows)), dtype="str"),
            "store_reach": country.store_reach,
            "first_name": texts(country.first_names, rng.integers(0, len(country.first_names), len(rows))),
            "last_name": texts(country.last_names, rng.integers(0, len(country.last_names), len(rows))),
            **_address(rng, country, len(rows)),
            **_phones(block, country, rows),
        }
    )
    return people.set_index(rows)


def tied_postal_codes(group: ProtectedGroup) -> list[str]:
    """The postal codes that are tied to group `b`."""
    return [code for country in COUNTRIES for _, code in country.places[:: group.tied_postcode_every]]


def _address(rng: np.random.Generator, country: Country, count: int) -> dict[str, pd.Series]:
    place = rng.integers(0, len(country.places), count)
    number = pd.Series(rng.integers(1, HIGHEST_HOUSE_NUMBER + 1, count)).astype("str")
    street = texts(country.streets, rng.integers(0, len(country.streets), count))
    return {
        "street": number + " " + street if country.is_number_first else street + " " + number,
        "city": texts([city for city, _ in country.places], place),
        "postal_code": texts([code for _, code in country.places], place),
    }


def _phones(block: Block, country: Country, rows: Positions) -> dict[str, pd.Series]:
    plan = country.phones
    subscribers = 10**plan.subscriber_digits
    number = block.person_serials(f"phone {country.code}", rows, subscribers * len(plan.prefixes))
    subscriber = pd.Series(subscribers + number % subscribers).astype("str").str.slice(1)
    digits = plan.trunk + texts(plan.prefixes, number // subscribers) + subscriber
    ends = np.cumsum(plan.groups).tolist()
    national = digits.str.slice(0, ends[0])
    for start, end in pairwise(ends):
        national = national + " " + digits.str.slice(start, end)
    international = f"+{plan.calling_code} " + national.str.slice(len(plan.trunk))
    return {"phone_national": national, "phone_international": international}


def _changes(rng: np.random.Generator, people: pd.DataFrame, changes: Changes, timeline: Timeline) -> pd.DataFrame:
    """Where people lived and what they were called before, and until when."""
    count, head = len(people), people["head"].to_numpy()
    moves = happens(rng, changes.moved_share, count)[head]
    marries = happens(rng, changes.married_share, count) & ~people["is_child"].to_numpy()
    before = pd.DataFrame(index=people.index)
    for code in people["country_code"].unique():
        rows = np.flatnonzero((people["country_code"] == code).to_numpy())
        [country] = [country for country in COUNTRIES if country.code == code]
        maiden = texts(country.last_names, rng.integers(0, len(country.last_names), len(rows)))
        old = pd.DataFrame({**_address(rng, country, len(rows)), "last_name": maiden}).set_index(rows)
        before = old if before.empty else pd.concat([before, old])
    before = before.sort_index()
    for column in ADDRESS:
        before[column] = at(before[column], head)
    return pd.DataFrame(
        {
            **{f"previous_{column}": before[column].where(moves) for column in ADDRESS},
            "moved_day": np.where(moves, (rng.random(count) * timeline.day_count)[head], np.nan),
            "previous_last_name": before["last_name"].where(marries),
            "married_day": np.where(marries, rng.random(count) * timeline.day_count, np.nan),
        }
    )


def _birth_dates(rng: np.random.Generator, people: pd.DataFrame, ages: Ages, timeline: Timeline) -> np.ndarray:
    count = len(people)
    adult = np.clip(rng.normal(ages.mean_years, ages.spread_years, count), ages.youngest_years, ages.oldest_years)
    is_parent = ((people["household_size"] > 2) & ~people["is_child"]).to_numpy()
    adult = np.where(is_parent, np.maximum(adult, ages.parent_youngest_years + rng.random(count)), adult)
    child = rng.uniform(ages.child_youngest_years, ages.child_oldest_years, count)
    child = np.where(people["is_twin"], child[people["head"]], child)
    return timeline.birth_dates(np.where(people["is_child"], child, adult))


def _emails(rng: np.random.Generator, block: Block, people: pd.DataFrame, second_share: float) -> pd.DataFrame:
    """An address of everybody's own, or that of the head of a household; some have a second one."""
    count = len(people)
    first = _letters(people["first_name"])
    last = _letters(people["previous_last_name"].fillna(people["last_name"]))
    numbers = [_email_numbers(block, kind) for kind in ("email", "second_email")]
    domains = [texts(EMAIL_DOMAINS, rng.integers(0, len(EMAIL_DOMAINS), count)) for _ in numbers]
    email = first + "." + last + numbers[0] + "@" + domains[0]
    email = email.mask(
        people["is_test"], texts(TESTERS, np.arange(count) % len(TESTERS)) + "+" + numbers[0] + "@" + domains[0]
    )
    second = (first.str.slice(0, 1) + last + numbers[1] + "@" + domains[1]).where(happens(rng, second_share, count))
    owner = np.where(people["shares_email"], people["head"], np.arange(count))
    return pd.DataFrame({"email": at(email, owner), "second_email": second.mask(people["shares_email"])})


def _email_numbers(block: Block, kind: str) -> pd.Series:
    number = 1_000_000 + block.person_serials(kind, np.arange(block.person_count), 9_000_000)
    return pd.Series(number).astype("str")


def _letters(names: pd.Series) -> pd.Series:
    return without_accents(names).str.lower().str.replace(r"[^a-z-]", "", regex=True)


def _known_by(rng: np.random.Generator, people: pd.DataFrame, reach: Reach, odd: Odd, block: Block) -> pd.DataFrame:
    count, head = len(people), people["head"].to_numpy()
    is_test = _testers(rng, people, odd)
    is_store = happens(rng, reach.store_share * people["store_reach"].to_numpy(), count) & ~is_test
    is_web = ~is_store | happens(rng, reach.store_and_web_share, count)
    has_account = is_web & (happens(rng, reach.account_share, count) | is_test)
    shares_email = people["shares_email"].to_numpy()
    has_account &= ~(shares_email & has_account[head])
    has_card = is_store & (~is_web | happens(rng, reach.card_share, count))
    is_on_family_card = people["is_card_family"].to_numpy() & has_card[head] & is_store & (head != np.arange(count))
    is_card_owner = has_card & ~is_on_family_card
    has_contact = (is_card_owner | (has_account & happens(rng, reach.contact_share, count))) & ~is_test
    card_of = np.where(is_on_family_card, head, np.arange(count))
    return pd.DataFrame(
        {
            "is_test": is_test,
            "is_store": is_store,
            "is_web": is_web,
            "is_prospect": has_account & ~is_store & ~is_test & happens(rng, reach.prospect_share, count),
            "is_guest": ~has_account & ~has_card & ~is_on_family_card,
            "is_card_owner": is_card_owner,
            "account_id": _numbers(block, "A", has_account),
            "loyalty_number": _numbers(block, "29", np.ones(count, dtype=bool))
            .take(card_of)
            .reset_index(drop=True)
            .where(is_card_owner | is_on_family_card),
            "contact_id": _numbers(block, "C", has_contact),
        }
    )


def _testers(rng: np.random.Generator, people: pd.DataFrame, odd: Odd) -> Flags:
    """Testers, who live with nobody."""
    single = np.flatnonzero(people["household_size"] == 1)
    count = min(round(odd.test_account_share * len(people)), len(single))
    return np.isin(np.arange(len(people)), rng.choice(single, count, replace=False))


def _with_testers_named(people: pd.DataFrame) -> pd.DataFrame:
    is_test = people["is_test"]
    return people.assign(
        first_name=people["first_name"].mask(is_test, "Test"), last_name=people["last_name"].mask(is_test, "QA")
    )


def _numbers(block: Block, prefix: str, is_known: Flags) -> pd.Series:
    number = pd.Series(block.serials(prefix, len(is_known), 9)).astype("str")
    return (prefix + number).where(is_known)
