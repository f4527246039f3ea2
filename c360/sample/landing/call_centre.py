"""Calls and chats as the telephone system of the customer service exports them."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from c360.sample.draws import happens
from c360.sample.encounters.encounters import Encounters
from c360.sample.encounters.service import TOPICS
from c360.sample.landing.columns import chosen, joined, numbered, only_where, taken, text, wall_clock
from c360.sample.landing.written import emails, phones
from c360.sample.people import as_known
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, invalid_phone, unparsable_date
from c360.sample.story import Story
from c360.sample.world import World

FAULTS = (DUPLICATE, CUT_OFF, unparsable_date("started_at"), invalid_phone("phone"))
NOTES = {
    "complaint": 'Cliente mécontente ; demande un geste, "plus jamais ça" dit-elle',
    "return": "Retour : étiquette renvoyée",
    "delivery": "Colis en retard, transporteur relancé",
    "product": "Question sur la taille ; conseil donné",
}
"""What the agent notes about each topic: semicolons and quotes included."""


def write(rng: np.random.Generator, story: Story, encounters: Encounters, world: World) -> list[RawTable]:
    """One row per contact: a call shows a number, a chat an address and sometimes a number."""
    calls, notes = encounters.conversations.calls, world.touchpoints.conversations.notes
    caller = as_known(story.people, calls["person"].to_numpy(), calls["day"].to_numpy())
    is_chat = calls["is_chat"].to_numpy(dtype=bool)
    topic = calls["topic"].to_numpy()
    has_phone = ~is_chat | happens(rng, notes.phone_share, len(calls))
    phone = phones(rng, caller, world.writing, has_phone)
    rows = {
        "contact_id": text(calls["contact_id"]),
        "medium": chosen(("call", "chat"), is_chat.astype("int64")),
        "direction": chosen(("inbound", "outbound"), calls["is_outbound"].to_numpy().astype("int64")),
        "phone": _mistyped(phone, happens(rng, notes.typo_share, len(calls))),
        "email": emails(rng, caller["email"], world.writing, is_chat),
        "country_code": text(caller["country_code"]),
        "order_id": taken(story.purchases.orders["order_id"], calls["order"].to_numpy()),
        "topic": chosen(TOPICS, topic),
        "duration_seconds": numbered("", calls["duration_seconds"].to_numpy()),
        "is_resolved": pa.array(calls["is_resolved"].to_numpy(dtype=bool)).cast(pa.string()),
        "note": only_where(chosen([NOTES[name] for name in TOPICS], topic), happens(rng, notes.note_share, len(calls))),
        "started_at": wall_clock(story.timeline.store_times(calls["day"].to_numpy())),
    }
    return [RawTable("call_centre", "contacts", "csv", pa.table(rows), delimiter=";", faults=FAULTS)]


def _mistyped(phones: pa.StringArray, is_mistyped: np.ndarray) -> pa.StringArray:
    """The last two digits swapped where somebody typed too fast."""
    size = pc.utf8_length(phones)
    turned = pc.utf8_reverse(pc.utf8_slice_codeunits(pc.utf8_reverse(phones), 0, 2))
    head = pc.utf8_reverse(pc.utf8_slice_codeunits(pc.utf8_reverse(phones), 2, None))
    swapped = joined(head, pc.utf8_reverse(turned))
    return pc.if_else(pc.and_(pa.array(is_mistyped), pc.greater(size, 2)), swapped, phones)
