"""The forms that people filled in on the web site."""

import numpy as np
import pyarrow as pa

from c360.sample.encounters.encounters import Encounters
from c360.sample.landing.columns import only_where, text, with_offset
from c360.sample.landing.written import emails, phones
from c360.sample.people import as_known
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, invalid_email, invalid_phone, unparsable_date
from c360.sample.story import Story
from c360.sample.world import World

FAULTS = (DUPLICATE, CUT_OFF, unparsable_date("signed_up_at"), invalid_email("email"), invalid_phone("phone"))


def write(rng: np.random.Generator, story: Story, encounters: Encounters, world: World) -> list[RawTable]:
    """One row per form, with only what the form asked for."""
    forms = encounters.conversations.sign_ups
    person = as_known(story.people, forms["person"].to_numpy(), forms["day"].to_numpy())
    rows = {
        "signup_id": text(forms["signup_id"]),
        "email": emails(rng, person["email"], world.writing),
        "first_name": only_where(text(person["first_name"]), forms["has_first_name"].to_numpy(dtype=bool)),
        "phone": phones(rng, person, world.writing, forms["has_phone"].to_numpy(dtype=bool)),
        "country_code": text(person["country_code"]),
        "form": text(forms["form"]),
        "user_pseudo_id": text(forms["device"]),
        "signed_up_at": with_offset(story.timeline.web_times(forms["day"].to_numpy())),
    }
    return [RawTable("signups", "signups", "csv", pa.table(rows), faults=FAULTS, late_by="signed_up_at")]
