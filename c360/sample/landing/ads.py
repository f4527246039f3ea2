"""Clicks on advertisements as the landing pages saw them, and what the platforms report that a day cost."""

import numpy as np
import pandas as pd
import pyarrow as pa

from c360.sample.encounters.advertising import ad_campaigns, daily_costs
from c360.sample.encounters.encounters import Encounters
from c360.sample.encounters.touchpoints import Advertising
from c360.sample.landing.columns import chosen, joined, letters_of, money, numbered, text, utc
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, unparsable_amount, unparsable_date
from c360.sample.story import Story
from c360.sample.world import World

SOURCE = "ads"
PAGE = "https://www.example.com"
CLICK_ID_SHAPES = {"gclid": ("CjwKCA", 40), "fbclid": ("IwAR", 36), "ttclid": ("E.C.P.", 44)}
"""How each platform's click ids begin, and how many letters follow."""


def write(rng: np.random.Generator, story: Story, encounters: Encounters, world: World) -> list[RawTable]:
    """Clicks, and in the first block the costs."""
    advertising = world.touchpoints.advertising
    tables = [_clicks(story, encounters.conversations.ad_clicks, advertising)]
    if story.block.number == 0:
        tables.append(_costs(rng, story, encounters.conversations.ad_clicks, advertising))
    return tables


def click_ids(clicks: pd.DataFrame, story: Story, advertising: Advertising) -> pa.StringArray:
    """The click id that the platform put behind the address of the landing page."""
    platform = _platforms(clicks, story, advertising)
    ids = [
        joined(beginning, letters_of(clicks["click"].to_numpy(), kind, length))
        for kind, (beginning, length) in ((kind, CLICK_ID_SHAPES[kind]) for _, kind, _ in advertising.platform_weights)
    ]
    return pa.chunked_array(ids).combine_chunks().take(pa.array(platform * len(clicks) + np.arange(len(clicks))))


def _platforms(clicks: pd.DataFrame, story: Story, advertising: Advertising) -> np.ndarray:
    running = ad_campaigns(story.campaigns, advertising)
    return np.asarray(running["platform"].to_numpy()[clicks["campaign"].to_numpy()])


def _clicks(story: Story, clicks: pd.DataFrame, advertising: Advertising) -> RawTable:
    running, events = ad_campaigns(story.campaigns, advertising), story.visits.events
    platform, event = _platforms(clicks, story, advertising), clicks["event"].to_numpy()
    ids = click_ids(clicks, story, advertising)
    kinds = [kind for _, kind, _ in advertising.platform_weights]
    kind = chosen(kinds, platform)
    rows = {
        "click_id": ids,
        "click_id_kind": kind,
        "platform": chosen([name for name, _, _ in advertising.platform_weights], platform),
        "campaign_id": text(running["campaign_id"].iloc[clicks["campaign"].to_numpy()]),
        "user_pseudo_id": text(events["anonymous_id"].iloc[event]),
        "landing_page": joined(PAGE, text(events["page_path"].iloc[event]), "?", kind, "=", ids),
        "clicked_at": utc(events["moment"].to_numpy()[event]),
    }
    faults = (DUPLICATE, CUT_OFF, unparsable_date("clicked_at"))
    return RawTable(SOURCE, "clicks", "csv.gz", pa.table(rows), faults=faults, late_by="clicked_at")


def _costs(rng: np.random.Generator, story: Story, clicks: pd.DataFrame, advertising: Advertising) -> RawTable:
    costs = daily_costs(rng, story, clicks, advertising)
    costs = costs.sort_values(["day", "campaign"], kind="stable")
    running = ad_campaigns(story.campaigns, advertising).iloc[costs["campaign"].to_numpy()]
    rows = {
        "day": pa.array(story.timeline.dates(costs["day"].to_numpy(dtype=float))).cast(pa.string()),
        "platform": chosen([name for name, _, _ in advertising.platform_weights], running["platform"].to_numpy()),
        "campaign_id": text(running["campaign_id"]),
        "campaign_name": text(running["name"]),
        "impressions": numbered("", costs["impressions"].to_numpy()),
        "clicks": numbered("", costs["clicks"].to_numpy()),
        "cost": money(costs["cost_cents"]),
        "currency_code": chosen(("EUR",), np.zeros(len(costs), dtype="int64")),
    }
    faults = (DUPLICATE, CUT_OFF, unparsable_amount("cost"))
    return RawTable(SOURCE, "costs", "csv", pa.table(rows), faults=faults)
