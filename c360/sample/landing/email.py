"""What became of the messages, as the e-mail platform streams it: one event a line, in seconds since 1970."""

import numpy as np
import pandas as pd
import pyarrow as pa

from c360.sample.encounters.contacts import address_owners
from c360.sample.encounters.encounters import Encounters
from c360.sample.landing.columns import hexadecimal_of, joined, only_where, text
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, implausible_time, invalid_email
from c360.sample.story import Story
from c360.sample.timeline import SECONDS_PER_DAY

FAULTS = (DUPLICATE, CUT_OFF, implausible_time("occurred_at"), invalid_email("email"))
PAGE = "https://www.example.com/?utm_source=newsletter&utm_medium=email&utm_campaign="
NUMBERS_PER_BLOCK = 1 << 32
"""Room for the messages and events of a block."""


def write(story: Story, encounters: Encounters) -> list[RawTable]:
    """One row per event. Addresses are as the list holds them, untouched by anybody's typing."""
    events = encounters.conversations.messages
    campaign_id, kind = text(events["campaign_id"]), events["event_type"].to_numpy()
    first = story.block.number * NUMBERS_PER_BLOCK
    person = events["person"].to_numpy()
    rows = {
        "event_id": hexadecimal_of(first + np.arange(len(events)), "email/event", 24),
        "event_type": text(events["event_type"]),
        "message_id": joined(
            "<", hexadecimal_of(first + events["message"].to_numpy(), "email/message"), "@mail.example.com>"
        ),
        "campaign_id": campaign_id,
        "contact_key": text(encounters.lists.hubspot.iloc[address_owners(story.people)[person]]),
        "email": text(story.people["email"].iloc[person]),
        "url": only_where(joined(PAGE, campaign_id), kind == "click"),
        "bounce_type": text(events["bounce_type"]),
        "is_machine_open": _machine_opens(events),
        "occurred_at": pa.array(_since_1970(story, events["second"].to_numpy())),
    }
    return [RawTable("email", "events", "jsonl.gz", pa.table(rows), faults=FAULTS)]


def _machine_opens(events: pd.DataFrame) -> pa.BooleanArray:
    is_open = (events["event_type"] == "open").to_numpy()
    is_machine = (events["is_machine_open"] == True).to_numpy(dtype=bool)  # noqa: E712  missing is not true
    return only_where(pa.array(is_machine), is_open)


def _since_1970(story: Story, second: np.ndarray) -> np.ndarray:
    start = int(story.timeline.start.astype("datetime64[D]").astype("int64")) * SECONDS_PER_DAY
    return start + second.astype("int64")
