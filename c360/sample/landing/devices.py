"""By which ids the app, the stores and the data provider know people's telephones."""

import pyarrow as pa

from c360.sample.draws import Positions
from c360.sample.landing.columns import uuids_of


def advertising_ids(numbers: Positions) -> pa.StringArray:
    """The advertising id of each device; the number of a person's telephone is that of the person in the world."""
    return uuids_of(numbers, "advertising_id")


def installations(numbers: Positions) -> pa.StringArray:
    """The id that the app gives itself on each device."""
    return uuids_of(numbers, "segment/installation")
