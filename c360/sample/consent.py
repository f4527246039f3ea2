"""What people answered about consent, per purpose and recipient, and what stands in the end."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from c360.sample.block import Block
from c360.sample.draws import Flags, happens, pick
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

    def stand(self, purpose: str, recipient: str, day: float) -> Flags:
        """Whether each person's consent to a purpose and recipient stands on `day`."""
        told = self.decisions
        told = told[(told["purpose"] == purpose) & (told["recipient"] == recipient) & (told["day"] <= day)]
        newest = told.drop_duplicates("person", keep="last")
        return np.isin(np.arange(len(self.subject_ids)), newest.loc[newest["is_granted"], "person"])


def answer(
    rng: np.random.Generator, block: Block, people: pd.DataFrame, consent: Consent, timeline: Timeline
) -> Answers:
    """What everybody answered between joining and the end of the world."""
    shares = (consent.granted_share, consent.withdrawn_share, consent.refused_share, consent.unanswered_share)
    count = len(people)
    start = np.maximum(people["joined_day"].to_numpy(), 0.0)
    span = timeline.day_count - start
    first = start + span * rng.random(count) ** consent.answer_skew
    second = first + (timeline.day_count - first) * rng.random(count)
    is_silent = people["is_minor"].to_numpy() & ~happens(rng, consent.minor_answer_share, count)
    ad_answer, email_answer = (
        np.where(is_silent, UNANSWERED, pick(rng, of, count)) for of in (shares, consent.email_shares)
    )
    refuses_second = happens(rng, consent.second_recipient_refused_share, count) & (ad_answer == GRANTED)
    parts = [_decisions(email_answer, first, second, "email_marketing", "own")]
    for recipient in AD_RECIPIENTS:
        is_second = recipient != AD_RECIPIENTS[0]
        choice = np.where(refuses_second & is_second, REFUSED, ad_answer)
        parts += [_decisions(choice, first, second, purpose, recipient) for purpose in AD_PURPOSES]
    decisions = pd.concat(parts).sort_values(["day", "person"], kind="stable", ignore_index=True)
    decisions["decision_id"] = block.in_order("d", len(decisions))
    number = pd.Series(block.serials("subject", count, 9)).astype("str")
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
            "purpose": pd.Series(purpose, index=range(len(person)), dtype="str"),
            "recipient": pd.Series(recipient, index=range(len(person)), dtype="str"),
            "is_granted": np.concatenate([choice[answered] != REFUSED, np.zeros(len(withdrawn), dtype=bool)]),
            "day": np.concatenate([first[answered], second[withdrawn]]),
        }
    )
