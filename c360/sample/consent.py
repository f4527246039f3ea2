"""What people answered about consent, per purpose and recipient, and what stands in the end."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from c360.sample.draws import happens, pick, serials
from c360.sample.timeline import Days, Timeline
from c360.sample.world import Consent

AD_PURPOSES = ("ad_user_data", "ad_personalization")
AD_RECIPIENTS = ("google_ads", "meta")
GRANTED, WITHDRAWN, REFUSED, UNANSWERED = range(4)
"""Positions in the shares of `Consent`."""


@dataclass(frozen=True)
class Answers:
    """Every decision, and the number of the subject each person is on the consent platform."""

    decisions: pd.DataFrame
    """In order of time: `decision_id`, `person` (position), `purpose`, `recipient`, `is_granted`, `day`."""
    subject_ids: pd.Series
    """The `subject_id` of each person; missing for those who never answered anything."""


def answer(rng: np.random.Generator, people: pd.DataFrame, consent: Consent, timeline: Timeline) -> Answers:
    """What everybody answered between joining and the end of the world."""
    shares = (consent.granted_share, consent.withdrawn_share, consent.refused_share, consent.unanswered_share)
    count = len(people)
    start = np.maximum(people["joined_day"].to_numpy(), 0.0)
    span = timeline.day_count - start
    first = start + span * rng.random(count) ** consent.answer_skew
    second = first + (timeline.day_count - first) * rng.random(count)
    ad_answer, email_answer = pick(rng, shares, count), pick(rng, consent.email_shares, count)
    refuses_second = happens(rng, consent.second_recipient_refused_share, count) & (ad_answer == GRANTED)
    parts = [_decisions(email_answer, first, second, "email_marketing", "own")]
    for recipient in AD_RECIPIENTS:
        is_second = recipient != AD_RECIPIENTS[0]
        choice = np.where(refuses_second & is_second, REFUSED, ad_answer)
        parts += [_decisions(choice, first, second, purpose, recipient) for purpose in AD_PURPOSES]
    decisions = pd.concat(parts).sort_values(["day", "person"], kind="stable", ignore_index=True)
    decisions["decision_id"] = "d" + (decisions.index + 1).astype(str).str.zfill(9)
    number = pd.Series(serials(rng, count, 9), dtype="int64").astype(str)
    return Answers(decisions, ("s" + number).where(people.index.isin(decisions["person"])))


def standing(decisions: pd.DataFrame) -> pd.DataFrame:
    """The newest decision of each person, purpose and recipient."""
    return decisions.drop_duplicates(["person", "purpose", "recipient"], keep="last").sort_values(
        ["person", "purpose", "recipient"]
    )


def _decisions(choice: np.ndarray, first: Days, second: Days, purpose: str, recipient: str) -> pd.DataFrame:
    """One row for an answer, two for one that was taken back."""
    answered = np.flatnonzero(choice != UNANSWERED)
    withdrawn = np.flatnonzero(choice == WITHDRAWN)
    person = np.concatenate([answered, withdrawn])
    return pd.DataFrame(
        {
            "person": person,
            "purpose": purpose,
            "recipient": recipient,
            "is_granted": np.concatenate([choice[answered] != REFUSED, np.zeros(len(withdrawn), dtype=bool)]),
            "day": np.concatenate([first[answered], second[withdrawn]]),
        }
    )
