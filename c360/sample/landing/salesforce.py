"""The service's contacts, as Salesforce exports the object Contact."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from c360.sample.draws import happens
from c360.sample.encounters.encounters import Encounters
from c360.sample.landing.clocks import utc_of_paris
from c360.sample.landing.columns import joined, only_where, text, utc_millis
from c360.sample.landing.written import birth_dates, emails, names, phones, streets, versions
from c360.sample.people import as_known
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, invalid_email, invalid_phone, unparsable_date
from c360.sample.story import Story
from c360.sample.timeline import Moments
from c360.sample.world import World

FAULTS = (
    DUPLICATE,
    CUT_OFF,
    unparsable_date("LastModifiedDate"),
    invalid_email("Email"),
    invalid_phone("MobilePhone"),
)
SECOND_LINES = ("Bâtiment A", "Appartement 12", "Escalier 3", "Résidence Les Tilleuls", "c/o gardien")
"""What stands on the second line of a street."""


def write(rng: np.random.Generator, story: Story, encounters: Encounters, world: World) -> list[RawTable]:
    """One row per contact and change of it."""
    writing, coverage = world.writing, world.touchpoints.coverage
    ids = encounters.lists.salesforce
    person, created, updated = versions(rng, np.flatnonzero(ids.notna()), story, writing.spelling.changed_share)
    contact = as_known(story.people, person, updated)
    email = contact["second_email"].where(contact["second_email"].notna(), contact["email"])
    first, last = names(rng, contact, writing)
    has_birth_date = happens(rng, writing.completeness.contact_birth_date_share, len(contact))
    rows = {
        "Id": text(ids.iloc[person]),
        "IsDeleted": _flags(happens(rng, coverage.deleted_share, len(story.people))[person]),
        "LastName": last,
        "FirstName": first,
        "MailingStreet": _two_lines(rng, streets(rng, contact, writing), coverage.two_line_street_share),
        "MailingCity": text(contact["city"]),
        "MailingPostalCode": text(contact["postal_code"]),
        "MailingCountryCode": text(contact["country_code"]),
        "MobilePhone": phones(rng, contact, writing, writing.completeness.contact_phone_share),
        "Email": emails(rng, email, writing, writing.completeness.contact_email_share),
        "Birthdate": only_where(birth_dates(contact), has_birth_date),
        "HasOptedOutOfEmail": _flags(happens(rng, coverage.opted_out_share, len(story.people))[person]),
        "CreatedDate": _stamps(story.timeline.store_times(created)),
        "LastModifiedDate": _stamps(story.timeline.store_times(updated)),
        "Loyalty_Number__c": only_where(text(contact["loyalty_number"]), contact["is_card_owner"].to_numpy(dtype=bool)),
    }
    return [RawTable("salesforce", "contacts", "csv", pa.table(rows), stem="Contact_", faults=FAULTS)]


def _two_lines(rng: np.random.Generator, street: pa.StringArray, share: float) -> pa.StringArray:
    second = pa.array(SECOND_LINES).take(pa.array(rng.integers(0, len(SECOND_LINES), len(street))))
    return pc.if_else(pa.array(happens(rng, share, len(street))), joined(street, "\n", second), street)


def _flags(flags: np.ndarray) -> pa.StringArray:
    return pa.array(flags).cast(pa.string())


def _stamps(wall: Moments) -> pa.StringArray:
    """`2026-06-30T12:05:00.000+0000`."""
    return joined(pc.utf8_slice_codeunits(utc_millis(utc_of_paris(wall)), 0, -1), "+0000")
