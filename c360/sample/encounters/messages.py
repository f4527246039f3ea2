"""What becomes of the messages that the shop sends: delivered, opened, clicked, or not.

There are those of its e-mail campaigns, and automatic ones that answer to what somebody did and move nobody.
"""

import numpy as np
import pandas as pd

from c360.sample.draws import Flags, Positions, at, happens, moments, spread, texts
from c360.sample.encounters.contacts import address_owners
from c360.sample.encounters.touchpoints import AutomaticMessages, Conversations, Mailings, Reading
from c360.sample.story import Story
from c360.sample.timeline import DAYS_PER_YEAR, SECONDS_PER_DAY, Days

EMAIL = "email"


def mail(rng: np.random.Generator, story: Story, talk: Conversations) -> pd.DataFrame:
    """Every event of every message, in order of time.

    Only people whose standing answer about e-mail marketing is yes are written to, and nobody after a complaint, a hard
    bounce, or leaving the list by a link in a message.

    Returns:
        `message` (number in the block), `person`, `campaign_id`, `event_type`, `second` (since the start),
        `bounce_type`, `is_machine_open`.
    """
    people, mailings = story.people, talk.mailings
    sent = _sent(rng, story, talk.automatic)
    bounces = _bounces(rng, sent, mailings)
    delivered = sent[bounces.isna().to_numpy()]
    arrival = delivered["second"] + np.ceil(rng.exponential(mailings.transit_mean_seconds, len(delivered)))
    delivered = delivered.assign(second=arrival)
    machine = delivered[happens(rng, mailings.machine_open_share, len(delivered))]
    opened = _opened(rng, people, delivered, mailings, talk.reading)
    parts = [
        sent.assign(event_type="sent"),
        sent.assign(event_type="bounce", bounce_type=bounces)[bounces.notna().to_numpy()],
        delivered.assign(event_type="delivered"),
        _later(rng, machine, mailings).assign(event_type="open", is_machine_open=True),
        opened.assign(event_type="open", is_machine_open=False),
        *_answers(rng, opened, mailings),
    ]
    events = pd.concat(parts, ignore_index=True).sort_values(["second", "message"], kind="stable", ignore_index=True)
    events = events[(events["second"] < story.timeline.day_count * SECONDS_PER_DAY).to_numpy()]
    return _while_wanted(events, people).drop(columns="day")


def left_list(events: pd.DataFrame, people: pd.DataFrame) -> Days:
    """The second in which each address left the list, at its owner's position; infinite for those that stay."""
    leaves = events["event_type"].isin(("unsubscribe", "complaint")) | (events["bounce_type"] == "hard").fillna(False)
    left = events[leaves.to_numpy(dtype=bool)]
    second = np.full(len(people), np.inf)
    np.minimum.at(second, address_owners(people)[left["person"].to_numpy()], left["second"].to_numpy())
    return second


def _while_wanted(events: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """The events of messages that were sent before their address left the list."""
    sent = events[(events["event_type"] == "sent").to_numpy()]
    left = left_list(events, people)[address_owners(people)[sent["person"].to_numpy()]]
    unwanted = sent["message"].to_numpy()[sent["second"].to_numpy() > left]
    return events[~events["message"].isin(unwanted).to_numpy()].reset_index(drop=True)


def _sent(rng: np.random.Generator, story: Story, automatic: AutomaticMessages) -> pd.DataFrame:
    """Every message that may go out: `message` (number), `person`, `campaign_id`, `day`, `second` (since the start)."""
    sent = pd.concat([_of_campaigns(story), _automatic(rng, story, automatic)], ignore_index=True)
    may_go = has_consented(story, sent["person"].to_numpy(), sent["day"].to_numpy())
    sent = sent[may_go].sort_values("day", kind="stable", ignore_index=True)
    return sent.assign(message=np.arange(len(sent)), second=story.timeline.web_seconds(sent["day"].to_numpy()))


def _of_campaigns(story: Story) -> pd.DataFrame:
    campaigns, treatments = story.campaigns.campaigns, story.campaigns.treatments
    is_email = (campaigns["channel"] == EMAIL).to_numpy()[treatments["campaign"]]
    treated = treatments[is_email & treatments["is_treated"].to_numpy(dtype=bool)]
    return pd.DataFrame(
        {
            "person": treated["person"].to_numpy(),
            "campaign_id": at(campaigns["campaign_id"], treated["campaign"]),
            "day": treated["day"].to_numpy(dtype=float),
        }
    )


def _automatic(rng: np.random.Generator, story: Story, automatic: AutomaticMessages) -> pd.DataFrame:
    people, timeline = story.people, story.timeline
    is_reachable = ~(people["is_minor"] | people["is_test"]).to_numpy(dtype=bool)
    rate = np.where(is_reachable, automatic.per_year / DAYS_PER_YEAR, 0.0)
    start = np.maximum(people["joined_day"].to_numpy(), 0.0)
    person, day = moments(rng, rate, start, np.full(len(people), float(timeline.day_count)), timeline)
    kind = rng.integers(0, len(automatic.kinds), len(person))
    return pd.DataFrame({"person": person, "campaign_id": texts(automatic.kinds, kind), "day": day})


def has_consented(story: Story, person: Positions, day: Days) -> Flags:
    """Whether the newest answer of each person about e-mail marketing before each day is a yes."""
    decisions, person_count = story.answers.decisions, len(story.people)
    answers = decisions[(decisions["purpose"] == "email_marketing").to_numpy()]
    is_granted = answers["is_granted"].to_numpy(dtype=bool)
    granted_from, withdrawn_from = np.full(person_count, np.inf), np.full(person_count, np.inf)
    granted_from[answers["person"].to_numpy()[is_granted]] = answers["day"].to_numpy()[is_granted]
    withdrawn_from[answers["person"].to_numpy()[~is_granted]] = answers["day"].to_numpy()[~is_granted]
    return np.asarray((granted_from[person] <= day) & ~(withdrawn_from[person] <= day))


def _bounces(rng: np.random.Generator, sent: pd.DataFrame, mailings: Mailings) -> pd.Series:
    chance = pd.Series(rng.random(len(sent)), index=sent.index)
    kind = pd.Series(pd.NA, index=sent.index, dtype="str")
    kind = kind.mask(chance < mailings.hard_bounce_share + mailings.soft_bounce_share, "soft")
    return kind.mask(chance < mailings.hard_bounce_share, "hard")


def _opened(
    rng: np.random.Generator, people: pd.DataFrame, delivered: pd.DataFrame, mailings: Mailings, reading: Reading
) -> pd.DataFrame:
    share = mailings.open_share * _attention(people, delivered, reading)
    opened = delivered[happens(rng, share, len(delivered))]
    delay = reading.delay_median_seconds * spread(rng, reading.delay_spread, len(opened))
    return opened.assign(second=opened["second"] + np.ceil(delay))


def _attention(people: pd.DataFrame, delivered: pd.DataFrame, reading: Reading) -> Days:
    """How much of the habit of reading is left at each message."""
    person, day = delivered["person"].to_numpy(), delivered["day"].to_numpy()
    fades = people["fade_started_day"].to_numpy()[person] <= day
    is_gone = people["dropped_out_day"].to_numpy()[person] <= day
    return np.select([is_gone, fades], [reading.gone_factor, reading.fade_factor], 1.0)


def _answers(rng: np.random.Generator, opened: pd.DataFrame, mailings: Mailings) -> list[pd.DataFrame]:
    shares = {
        "click": mailings.click_share,
        "unsubscribe": mailings.unsubscribe_share,
        "complaint": mailings.complaint_share,
    }
    return [
        _later(rng, opened[happens(rng, share, len(opened))], mailings).assign(event_type=kind)
        for kind, share in shares.items()
    ]


def _later(rng: np.random.Generator, rows: pd.DataFrame, mailings: Mailings) -> pd.DataFrame:
    return rows.assign(second=rows["second"] + np.ceil(rng.exponential(mailings.transit_mean_seconds, len(rows))))
