"""The marketing team's contacts, as HubSpot exports them to a file."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from c360.sample.draws import Positions, happens
from c360.sample.encounters.encounters import Encounters
from c360.sample.encounters.messages import has_consented, left_list
from c360.sample.landing.clocks import paris
from c360.sample.landing.columns import chosen, only_where, text, wall_clock
from c360.sample.landing.written import emails, names, phones, versions
from c360.sample.people import as_known
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, invalid_email, invalid_phone, unparsable_date
from c360.sample.story import Story
from c360.sample.timeline import SECONDS_PER_DAY, Days, Moments
from c360.sample.world import World, Writing

FAULTS = (
    DUPLICATE,
    CUT_OFF,
    unparsable_date("Last Modified Date"),
    invalid_email("Email"),
    invalid_phone("Phone Number"),
)
LIFECYCLE_STAGES = ("Subscriber", "Lead", "Customer")


def write(rng: np.random.Generator, story: Story, encounters: Encounters, world: World) -> list[RawTable]:
    """One row per contact and change of it."""
    writing, coverage, ids = world.writing, world.touchpoints.coverage, encounters.lists.hubspot
    person, created, updated = _versions(rng, story, encounters, writing)
    contact = as_known(story.people, person, updated)
    first, last = names(rng, contact, writing)
    rows = {
        "Record ID": text(ids.iloc[person]),
        "First Name": first,
        "Last Name": last,
        "Email": _kept(emails(rng, contact["email"], writing)),
        "Phone Number": phones(rng, contact, writing, coverage.marketing_phone_share),
        "City": text(contact["city"]),
        "Postal Code": text(contact["postal_code"]),
        "Country/Region Code": text(contact["country_code"]),
        "Lifecycle Stage": chosen(LIFECYCLE_STAGES, _stages(rng, contact, coverage.lead_share)),
        "Unsubscribed from all email": _unsubscribed(story, encounters, person, updated),
        "Create Date": _minutes(story.timeline.web_times(created)),
        "Last Modified Date": _minutes(story.timeline.web_times(updated)),
    }
    return [RawTable("hubspot", "contacts", "csv", pa.table(rows), stem="hubspot-crm-exports-contacts-", faults=FAULTS)]


def _kept(addresses: pa.StringArray) -> pa.StringArray:
    """As HubSpot keeps what was typed: in lower case, without spaces around."""
    return pc.utf8_lower(pc.utf8_trim_whitespace(addresses))


def _stages(rng: np.random.Generator, contacts: pd.DataFrame, lead_share: float) -> np.ndarray:
    is_lead = contacts["is_prospect"].to_numpy(dtype=bool)
    return np.where(
        is_lead, happens(rng, lead_share, len(contacts)).astype("int64"), LIFECYCLE_STAGES.index("Customer")
    )


def _versions(
    rng: np.random.Generator, story: Story, encounters: Encounters, writing: Writing
) -> tuple[Positions, Days, Days]:
    """As of other lists, and a row more for who left this one."""
    listed = np.flatnonzero(encounters.lists.hubspot.notna())
    person, created, updated = versions(rng, listed, story, writing.spelling.changed_share)
    left = _left_day(story, encounters)
    leavers = listed[np.isfinite(left[listed])]
    joined = story.people["joined_day"].to_numpy()[leavers]
    order = np.argsort(np.concatenate([updated, left[leavers]]), kind="stable")
    return (
        np.concatenate([person, leavers])[order],
        np.concatenate([created, joined])[order],
        np.concatenate([updated, left[leavers]])[order],
    )


def _left_day(story: Story, encounters: Encounters) -> Days:
    """The day on which each contact left the list by a message, infinite for the others."""
    return left_list(encounters.conversations.messages, story.people) / SECONDS_PER_DAY


def _unsubscribed(story: Story, encounters: Encounters, person: Positions, day: Days) -> pa.StringArray:
    """`true` for who has said no by then, `false` for who has said yes, empty for who never said."""
    decisions = story.answers.decisions
    answered = np.full(len(story.people), np.inf)
    asked = decisions[(decisions["purpose"] == "email_marketing").to_numpy()].drop_duplicates("person")
    answered[asked["person"].to_numpy()] = asked["day"].to_numpy()
    says_no = ~has_consented(story, person, day) | (_left_day(story, encounters)[person] <= day)
    return only_where(pa.array(says_no).cast(pa.string()), answered[person] <= day)


def _minutes(moments: Moments) -> pa.StringArray:
    """`2026-06-30 14:05`, on the clock of the account."""
    return pc.utf8_slice_codeunits(wall_clock(paris(moments)), 0, len("2026-06-30 14:05"))
