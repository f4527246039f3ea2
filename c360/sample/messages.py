"""What becomes of the messages of the e-mail campaigns: sent, delivered, opened, clicked, or not."""

import numpy as np
import pandas as pd

from c360.sample.draws import Flags, Positions, happens, spread
from c360.sample.story import Story
from c360.sample.timeline import SECONDS_PER_DAY, Days
from c360.sample.touchpoints import Mailings, Reading

DELIVERY_SECONDS = 20.0
"""Mean time a message takes from the platform to the mailbox, and to be opened by a machine."""
EMAIL = "email"


def mail(rng: np.random.Generator, story: Story, mailings: Mailings, reading: Reading) -> pd.DataFrame:
    """Every event of every message, in order of time.

    Only people whose standing answer about e-mail marketing is yes are written to.

    Returns:
        `message` (number in the block), `person`, `campaign` (position), `event_type`, `second` (since the start),
        `bounce_type`, `is_machine_open`.
    """
    people = story.people

    sent = _sent(story)
    sent["second"] = np.floor(sent["day"] * SECONDS_PER_DAY)
    bounces = _bounces(rng, sent, mailings)
    delivered = sent[bounces.isna().to_numpy()]
    arrival = delivered["second"] + np.ceil(rng.exponential(DELIVERY_SECONDS, len(delivered)))
    delivered = delivered.assign(second=arrival)
    machine = delivered[happens(rng, mailings.machine_open_share, len(delivered))]
    opened = _opened(rng, people, delivered, mailings, reading)
    parts = [
        sent.assign(event_type="sent"),
        sent.assign(event_type="bounce", bounce_type=bounces)[bounces.notna().to_numpy()],
        delivered.assign(event_type="delivered"),
        _later(rng, machine, DELIVERY_SECONDS).assign(event_type="open", is_machine_open=True),
        opened.assign(event_type="open", is_machine_open=False),
        *_answers(rng, opened, mailings),
    ]
    events = pd.concat(parts, ignore_index=True).sort_values(["second", "message"], kind="stable", ignore_index=True)
    return events[events["second"] < story.timeline.day_count * SECONDS_PER_DAY].drop(columns="day")


def _sent(story: Story) -> pd.DataFrame:
    treatments = story.campaigns.treatments
    is_email = (story.campaigns.campaigns["channel"] == EMAIL).to_numpy()[treatments["campaign"]]
    treated = treatments[is_email & treatments["is_treated"].to_numpy(dtype=bool)]
    person, day = treated["person"].to_numpy(), treated["day"].to_numpy(dtype=float)
    treated = treated[has_consented(story, person, day)].reset_index(drop=True)
    return pd.DataFrame(treated[["person", "campaign", "day"]]).assign(message=np.arange(len(treated)))


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
        _later(rng, opened[happens(rng, share, len(opened))], DELIVERY_SECONDS).assign(event_type=kind)
        for kind, share in shares.items()
    ]


def _later(rng: np.random.Generator, rows: pd.DataFrame, mean_seconds: float) -> pd.DataFrame:
    return rows.assign(second=rows["second"] + np.ceil(rng.exponential(mean_seconds, len(rows))))
