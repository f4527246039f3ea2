"""Answered surveys, one object a line."""

import numpy as np
import pandas as pd
import pyarrow as pa

from c360.sample.draws import happens
from c360.sample.encounters.encounters import Encounters
from c360.sample.landing.columns import chosen, lists, only_where, struct, taken, text, utc
from c360.sample.landing.written import emails
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, invalid_email, unparsable_date
from c360.sample.story import Story
from c360.sample.world import World

FAULTS = (DUPLICATE, CUT_OFF, unparsable_date("submitted_at"), invalid_email("respondent_email"))
COMMENTS = (
    "Déçu, je ne reviendrai pas.",
    "Correct, sans plus.",
    "Parfait, merci à l'équipe \N{SMILING FACE WITH SMILING EYES}",
)
"""What detractors, passives and promoters write."""
PASSIVE_FROM, PROMOTER_FROM = 7, 9
"""The lowest answers of passives and promoters."""
CHANNELS = ("email", "sms", "app")
VALUES = ("local", "seconde_main", "bio", "prix")


def write(rng: np.random.Generator, story: Story, encounters: Encounters, world: World) -> list[RawTable]:
    """One row per answered survey; the respondent is known by the card if they have one and used it."""
    answers, said = encounters.conversations.answers, world.touchpoints.conversations.declarations
    person, count = answers["person"].to_numpy(), len(answers)
    card = taken(story.people["loyalty_number"], person)
    by_card = happens(rng, said.by_card_share, count) & card.is_valid().to_numpy(zero_copy_only=False)
    order = story.purchases.orders.iloc[answers["order"].to_numpy()]
    is_store = order["is_store"].to_numpy(dtype=bool)
    respondent = story.people["email"].iloc[person].reset_index(drop=True)
    mood = np.digitize(answers["nps"].to_numpy(), (PASSIVE_FROM, PROMOTER_FROM))
    rows = {
        "response_id": text(answers["response_id"]),
        "survey_id": chosen(("apres_achat_web", "apres_achat_magasin"), is_store.astype("int64")),
        "respondent_email": emails(rng, respondent, world.writing, ~by_card),
        "loyalty_number": only_where(card, by_card),
        "nps": pa.array(answers["nps"].to_numpy()),
        "comment": only_where(chosen(COMMENTS, mood), happens(rng, said.comment_share, count)),
        "preferences": _preferences(rng, answers),
        "order_id": text(order["order_id"]),
        "submitted_at": utc(story.timeline.web_times(answers["day"].to_numpy())),
    }
    return [RawTable("surveys", "responses", "jsonl", pa.table(rows), faults=FAULTS)]


def _preferences(rng: np.random.Generator, answers: pd.DataFrame) -> pa.StructArray:
    count = len(answers)
    wanted = rng.integers(0, 2, (count, len(VALUES))).astype(bool)
    values = chosen(VALUES, np.nonzero(wanted)[1])
    return struct(
        {
            "favourite_category": text(answers["favourite"]),
            "channel": chosen(CHANNELS, rng.integers(0, len(CHANNELS), count)),
            "values": lists(values, wanted.sum(axis=1)),
        },
        mask=answers["favourite"].isna().to_numpy(),
    )
