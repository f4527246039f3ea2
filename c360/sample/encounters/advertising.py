"""Which visits to the web shop begin with a click on an advertisement, and what a day of each campaign costs."""

import numpy as np
import pandas as pd

from c360.sample.campaigns import Campaigns
from c360.sample.draws import happens, pick, spread
from c360.sample.encounters.touchpoints import Advertising
from c360.sample.story import Story
from c360.sample.timeline import SECONDS_PER_DAY


def ad_campaigns(campaigns: Campaigns, advertising: Advertising) -> pd.DataFrame:
    """The campaigns that run all the time on every platform, and behind them the world's own on ad platforms.

    Returns:
        `campaign_id`, `name`, `platform` (position in the parameters), `start_day`, `end_day`, `own` (position in the
        world's campaigns, -1 for those that run all the time).
    """
    platforms = [platform for platform, _, _ in advertising.platform_weights]
    per_platform = advertising.campaigns_per_platform
    steady = pd.DataFrame(
        {
            "campaign_id": [
                f"{10 + number}{place:09d}" for number in range(len(platforms)) for place in range(1, per_platform + 1)
            ],
            "name": [f"toujours_{platform}_{place}" for platform in platforms for place in range(1, per_platform + 1)],
            "platform": np.repeat(np.arange(len(platforms)), per_platform),
            "start_day": 0.0,
            "end_day": np.inf,
            "own": -1,
        }
    )
    planned = campaigns.campaigns
    own = np.flatnonzero((planned["channel"] == "ads").to_numpy())
    bought = planned.iloc[own]
    numbers = {platform: number for number, platform in enumerate(platforms)}
    bought = pd.DataFrame(
        {
            "campaign_id": bought["campaign_id"].to_numpy(),
            "name": bought["name"].to_numpy(),
            "platform": bought["platform"].map(numbers).to_numpy(dtype=np.int64),
            "start_day": bought["start_day"].to_numpy(dtype=float),
            "end_day": bought["end_day"].to_numpy(dtype=float),
            "own": own,
        }
    )
    return pd.concat([steady, bought], ignore_index=True)


def click_ads(rng: np.random.Generator, story: Story, advertising: Advertising) -> pd.DataFrame:
    """Every click that the shop's pages saw, in order of time: the first event of each visit that a click brought.

    A person who is treated by a campaign on an ad platform clicks on it at their first visit within it.

    Returns:
        `visit`, `event` (position in the events), `campaign` (position in `ad_campaigns`), `click` (number).
    """
    events = story.visits.events
    running = ad_campaigns(story.campaigns, advertising)
    first = np.flatnonzero(~events["visit"].duplicated().to_numpy())
    visits = events.iloc[first][["visit", "person", "moment"]].assign(event=first)
    steady = pick(rng, _steady_weights(advertising), len(visits))
    campaign = np.where(happens(rng, advertising.clicked_share, len(visits)), steady, -1)
    visits = visits.assign(campaign=campaign)
    visits = _treated(visits, running, story)
    clicks = visits[(visits["campaign"] >= 0).to_numpy()].reset_index(drop=True)
    return clicks[["visit", "event", "campaign"]].assign(click=story.block.number * 10**9 + np.arange(len(clicks)))


def _steady_weights(advertising: Advertising) -> np.ndarray:
    return np.repeat([weight for _, _, weight in advertising.platform_weights], advertising.campaigns_per_platform)


def _treated(visits: pd.DataFrame, running: pd.DataFrame, story: Story) -> pd.DataFrame:
    """Visits with the campaign that brought a treated person, at the first visit after the treatment."""
    bought = running[(running["own"] >= 0).to_numpy()]
    treatments = story.campaigns.treatments
    place = np.full(len(story.campaigns.campaigns), -1)
    place[bought["own"].to_numpy()] = bought.index.to_numpy()
    campaign = place[treatments["campaign"].to_numpy()]
    chosen = (campaign >= 0) & treatments["is_treated"].to_numpy(dtype=bool)
    treated = pd.DataFrame(
        {
            "person": treatments["person"].to_numpy()[chosen],
            "bought": campaign[chosen],
            "reached": story.timeline.web_seconds(treatments["day"].to_numpy(dtype=float)[chosen]),
        }
    ).sort_values("reached", kind="stable", ignore_index=True)
    second = (visits["moment"].to_numpy() - story.timeline.start.astype("datetime64[s]")).astype("int64").astype(float)
    visited = visits[["person", "event"]].assign(second=second)
    met = pd.merge_asof(treated, visited, left_on="reached", right_on="second", by="person", direction="forward")
    last = running["end_day"].to_numpy()[met["bought"].to_numpy()] * SECONDS_PER_DAY
    in_time = met["second"].to_numpy() <= last
    met = met[in_time].drop_duplicates("event")
    brought = pd.Series(met["bought"].to_numpy(), index=met["event"].to_numpy(dtype=np.int64))
    campaign = visits["event"].map(brought).fillna(visits["campaign"]).to_numpy(dtype=np.int64)
    return visits.assign(campaign=campaign)


def daily_costs(rng: np.random.Generator, story: Story, clicks: pd.DataFrame, advertising: Advertising) -> pd.DataFrame:
    """What every campaign showed, brought and cost on each of its days, over the whole world.

    What the platforms count is drawn for the whole world from the clicks of one block; it is a little more than what
    the shop's pages see, as in life, and does not add up with it day by day.

    Returns:
        `campaign` (position in `ad_campaigns`), `day` (whole), `impressions`, `clicks`, `cost_cents`.
    """
    running, timeline = ad_campaigns(story.campaigns, advertising), story.timeline
    campaign, day = (grid.ravel() for grid in np.indices((len(running), timeline.day_count)))
    start, end = (running[edge].to_numpy()[campaign] for edge in ("start_day", "end_day"))
    is_on = (start < day + 1) & (day < end)
    campaign, day = campaign[is_on], day[is_on]
    per_block = np.bincount(clicks["campaign"], minlength=len(running)) / np.bincount(campaign, minlength=len(running))
    per_day = per_block * story.block.world_person_count / story.block.person_count
    expected = per_day[campaign] * timeline.season_factor(day.astype(float)) / (1 - advertising.lost_click_share)
    counted = rng.poisson(expected)
    price = 100 * advertising.cost_per_click_eur * spread(rng, advertising.cost_spread, len(counted))
    return pd.DataFrame(
        {
            "campaign": campaign,
            "day": day,
            "impressions": counted + rng.poisson((expected + 1) * (1 / advertising.click_rate - 1)),
            "clicks": counted,
            "cost_cents": np.round(counted * price).astype("int64"),
        }
    )
