"""Whom the contact lists of the service and the marketing team hold, and who fills in the forms of the web site."""

import numpy as np
import pandas as pd

from c360.sample.block import Block
from c360.sample.draws import Flags, Positions, happens
from c360.sample.encounters.touchpoints import Coverage, SignUps
from c360.sample.story import Story

BIGGEST_HUBSPOT_ID = 9 * 10**11
SALESFORCE_BASE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def marketing_list(rng: np.random.Generator, story: Story, coverage: Coverage) -> pd.Series:
    """The HubSpot record id of each person on the marketing list, missing for the others.

    Everybody who ever granted e-mail marketing is on it, and a share of the other accounts. HubSpot knows an e-mail
    address once: a couple that shares one is one contact, under the name of whose address it is.
    """
    people, block = story.people, story.block
    owner = address_owners(people)
    has_granted = np.zeros(len(people), dtype=bool)
    has_granted[owner[ever_granted(len(people), story.answers.decisions)]] = True
    is_listed = has_granted | (
        people["account_id"].notna().to_numpy() & happens(rng, coverage.marketing_list_share, len(people))
    )
    number = 10**11 + block.person_serials("hubspot", np.arange(len(people)), BIGGEST_HUBSPOT_ID)
    return pd.Series(number, index=people.index).astype("str").where(is_listed & (owner == np.arange(len(people))))


def address_owners(people: pd.DataFrame) -> Positions:
    """Whose e-mail address each person uses: mostly their own."""
    return np.where(people["shares_email"], people["head"], np.arange(len(people)))


def ever_granted(person_count: int, decisions: pd.DataFrame) -> Flags:
    """Whether each person ever granted e-mail marketing."""
    is_granted = (decisions["purpose"] == "email_marketing") & decisions["is_granted"].astype(bool)
    granted = np.zeros(person_count, dtype=bool)
    granted[decisions.loc[is_granted, "person"].to_numpy()] = True
    return granted


def sign_up(rng: np.random.Generator, story: Story, sign_ups: SignUps) -> pd.DataFrame:
    """Every form filled in on the web site, in order of time.

    Returns:
        `signup_id`, `person`, `form`, `day`, `device` (missing where the form came without), `has_first_name`,
        `has_phone`.
    """
    people = story.people
    start = np.maximum(people["joined_day"].to_numpy(), 0.0)
    end = np.minimum(people["dropped_out_day"].to_numpy(), story.timeline.day_count)
    can = people["is_web"].to_numpy(dtype=bool) & (end > start)
    filled = [np.flatnonzero(can & happens(rng, share, len(people))) for _, share in sign_ups.forms]
    person = np.concatenate(filled)
    forms = pd.DataFrame(
        {
            "person": person,
            "form": np.repeat([form for form, _ in sign_ups.forms], [len(part) for part in filled]),
            "day": start[person] + rng.random(len(person)) * (end - start)[person],
            "has_first_name": happens(rng, sign_ups.first_name_share, len(person)),
            "has_phone": happens(rng, sign_ups.phone_share, len(person)),
            "device": device_of(len(people), story.visits.devices)
            .iloc[person]
            .reset_index(drop=True)
            .where(happens(rng, sign_ups.device_share, len(person))),
        }
    ).sort_values("day", kind="stable", ignore_index=True)
    forms.insert(0, "signup_id", story.block.in_order("F", len(forms)))
    return forms


def device_of(person_count: int, devices: pd.DataFrame) -> pd.Series:
    """The web device of each person, missing for who has none."""
    return devices.drop_duplicates("person").set_index("person")["anonymous_id"].reindex(range(person_count))


def salesforce_ids(block: Block, positions: Positions) -> np.ndarray:
    """The 18 characters by which Salesforce names each contact: kind, instance, number, and a check of the case."""
    number = block.person_serials("salesforce", positions, len(SALESFORCE_BASE) ** 7)
    letters = np.frombuffer(SALESFORCE_BASE.encode(), dtype=np.uint8)
    codes = np.empty((len(positions), 18), dtype=np.uint8)
    codes[:, :8] = np.frombuffer(b"0035J000", dtype=np.uint8)
    for place in range(14, 7, -1):
        codes[:, place] = letters[number % len(letters)]
        number = number // len(letters)
    is_capital = (codes[:, :15] >= ord("A")) & (codes[:, :15] <= ord("Z"))
    weights = 1 << np.arange(5)
    check = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", dtype=np.uint8)
    for group in range(3):
        codes[:, 15 + group] = check[is_capital[:, 5 * group : 5 * group + 5] @ weights]
    return codes.view("S18").ravel().astype(str)
