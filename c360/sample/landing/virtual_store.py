"""The events of the store in a virtual world, one object a line, in milliseconds since 1970."""

import numpy as np
import pyarrow as pa

from c360.sample.encounters.encounters import Encounters
from c360.sample.landing.columns import hexadecimal_of, only_where, struct, taken, text
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, implausible_time
from c360.sample.story import Story

FAULTS = (DUPLICATE, CUT_OFF, implausible_time("occurred_at"))


def write(story: Story, encounters: Encounters) -> list[RawTable]:
    """One row per event of an avatar."""
    events = encounters.avatars
    product = events["product"].to_numpy()
    seconds = events["seconds"].to_numpy()
    moment = story.timeline.start.astype("datetime64[ms]") + (1000 * events["second"].to_numpy()).astype(
        "timedelta64[ms]"
    )
    email = only_where(
        taken(story.people["email"], events["person"].to_numpy()), events["is_linked"].to_numpy(dtype=bool)
    )
    rows = {
        "event_id": hexadecimal_of((story.block.number << 32) + np.arange(len(events)), "virtual_store", 20),
        "avatar_id": text(events["avatar_id"]),
        "account": struct({"email": email}),
        "event": text(events["event"]),
        "target": struct({"sku": taken(story.products["sku"], product)}, mask=product < 0),
        "duration_s": pa.array(np.nan_to_num(seconds).astype("int64"), mask=np.isnan(seconds)),
        "occurred_at": pa.array(moment.astype("int64")),
    }
    return [RawTable("virtual_store", "avatar_events", "jsonl", pa.table(rows), faults=FAULTS)]
