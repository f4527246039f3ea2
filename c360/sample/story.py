"""What happened to one block of people: all that the sources may tell of them, and the truth knows."""

from dataclasses import dataclass

import pandas as pd

from c360.sample.block import Block
from c360.sample.browsing import Visits
from c360.sample.campaigns import Campaigns
from c360.sample.consent import Answers
from c360.sample.shopping import Purchases
from c360.sample.timeline import Timeline


@dataclass(frozen=True)
class Story:
    """Everything that happened to the people of a block. `person` columns hold positions in `people`."""

    block: Block
    people: pd.DataFrame
    """One row per person; see `people.make_people` and `lifecycle.live` for its columns."""
    products: pd.DataFrame
    """The same in every block."""
    purchases: Purchases
    visits: Visits
    answers: Answers
    campaigns: Campaigns
    timeline: Timeline
