"""Campaigns: whom they were meant for, whom they reached, whom chance held back, and whom they moved."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Campaigns:
    """The campaigns of a world and what they did to a block of people."""

    campaigns: pd.DataFrame
    """The same in every block: `campaign_id`, `name`, `channel` (`email`, `ads`), `platform` (`own`, `google_ads`,
    `meta`), `start_day`, `end_day` (days since the world's start, the end exclusive), `category` it is about."""
    treatments: pd.DataFrame
    """One row per person and campaign they were eligible for: `person`, `campaign` (position), `is_treated` (False:
    chance held them back), `day` on which they were or would have been reached, `extra_order_count` it gave or took."""
