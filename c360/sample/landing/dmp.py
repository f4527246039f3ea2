"""The deliveries of the data provider."""

import numpy as np
import pyarrow as pa

from c360.sample.encounters.encounters import Encounters
from c360.sample.encounters.third_party import TRAITS
from c360.sample.encounters.touchpoints import ThirdParty
from c360.sample.landing.columns import chosen, numbered
from c360.sample.landing.devices import advertising_ids
from c360.sample.raw_table import DUPLICATE, RawTable
from c360.sample.story import Story

PROVIDER = "AudienceExemple"
FIRST_SEGMENT = 48_210
"""The provider's number of the first trait."""


def write(story: Story, encounters: Encounters, third_party: ThirdParty) -> list[RawTable]:
    """One row per device and segment."""
    segments = encounters.segments
    trait = segments["trait"].to_numpy()
    delivered = story.timeline.web_times(segments["day"].to_numpy())
    valid = np.timedelta64(third_party.valid_days, "D")
    rows = {
        "device_id": advertising_ids(segments["device"].to_numpy()),
        "segment_id": numbered("", FIRST_SEGMENT + trait),
        "segment_name": chosen(TRAITS, trait),
        "provider": chosen((PROVIDER,), np.zeros(len(segments), dtype="int64")),
        "expires_on": pa.array(delivered.astype("datetime64[D]") + valid),
        "delivered_at": pa.array(delivered.astype("datetime64[us]")),
    }
    return [RawTable("dmp", "segments", "parquet", pa.table(rows), faults=(DUPLICATE,))]
