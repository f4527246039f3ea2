"""Who calls or chats with the customer service, about which order, and how that goes."""

import numpy as np
import pandas as pd

from c360.sample.draws import Flags, Positions, happens, moments, spread
from c360.sample.encounters.touchpoints import Answering, Calls
from c360.sample.shopping import NOBODY, Purchases
from c360.sample.story import Story
from c360.sample.timeline import DAYS_PER_YEAR, Days

TOPICS = ("complaint", "return", "delivery", "product")
"""What people call about; of several reasons the first here counts."""
NO_ORDER = -1
"""Stands for the position of an order where a contact is about none."""
COMPLAINT = TOPICS.index("complaint")


def call(rng: np.random.Generator, story: Story, calls: Calls, answering: Answering) -> pd.DataFrame:
    """Every contact, in order of time.

    Returns:
        `contact_id`, `person`, `order` (position, or `NO_ORDER`), `day`, `topic` (position in `TOPICS`), `is_chat`,
        `is_outbound`, `is_resolved`, `duration_seconds`.
    """
    contacts = pd.concat([_about_orders(rng, story, calls), _questions(rng, story, calls)])
    contacts = contacts[(contacts["day"] < story.timeline.day_count).to_numpy()]
    contacts = contacts.sort_values("day", kind="stable", ignore_index=True)
    contacts.insert(0, "contact_id", story.block.in_order("CC", len(contacts)))
    return contacts.assign(**_course(rng, contacts["topic"].to_numpy() == COMPLAINT, answering))


def _about_orders(rng: np.random.Generator, story: Story, calls: Calls) -> pd.DataFrame:
    orders = story.purchases.orders
    topic = _topics(rng, story.people, story.purchases, calls)
    order = np.flatnonzero(topic >= 0)
    day = orders["day"].to_numpy()[order] + rng.random(len(order)) * calls.delay_max_days
    return pd.DataFrame(
        {"person": orders["person"].to_numpy()[order], "order": order, "day": day, "topic": topic[order]}
    )


def _questions(rng: np.random.Generator, story: Story, calls: Calls) -> pd.DataFrame:
    people = story.people
    start = np.maximum(people["joined_day"].to_numpy(), 0.0)
    end = np.minimum(people["dropped_out_day"].to_numpy(), story.timeline.day_count)
    rate = np.full(len(people), calls.question_per_year / DAYS_PER_YEAR)
    person, day = moments(rng, rate, start, end, story.timeline)
    return pd.DataFrame({"person": person, "order": NO_ORDER, "day": day, "topic": TOPICS.index("product")})


def _topics(rng: np.random.Generator, people: pd.DataFrame, purchases: Purchases, calls: Calls) -> Positions:
    """What somebody calls about after each order, -1 for nothing."""
    orders = purchases.orders
    person, count = orders["person"].to_numpy(), len(orders)
    fades = np.append(people["fade_started_day"].to_numpy(), np.inf)[person] <= orders["day"].to_numpy()
    chances = (
        np.where(fades, calls.fade_complaint_share, calls.complaint_share),
        np.where(brought_back(purchases), calls.return_share, 0.0),
        np.where(orders["is_store"], 0.0, calls.delivery_share),
        np.full(count, calls.product_share),
    )
    topic = np.full(count, -1)
    for number, chance in reversed(list(enumerate(chances))):
        topic[happens(rng, chance, count)] = number
    return np.where((person == NOBODY) | orders["is_return"].to_numpy(dtype=bool), -1, topic)


def brought_back(purchases: Purchases) -> Flags:
    """Whether each order has a line that was brought back on it."""
    lines = purchases.lines
    is_back = np.zeros(len(purchases.orders), dtype=bool)
    is_back[lines["order"].to_numpy()[lines["quantity"].to_numpy() < 0]] = True
    return is_back


def _course(rng: np.random.Generator, is_complaint: Flags, answering: Answering) -> dict[str, Flags | Days]:
    count = len(is_complaint)
    resolved = np.where(is_complaint, answering.complaint_resolved_share, answering.resolved_share)
    duration = answering.duration_median_seconds * spread(rng, answering.duration_spread, count)
    return {
        "is_chat": happens(rng, answering.chat_share, count),
        "is_outbound": happens(rng, answering.outbound_share, count),
        "is_resolved": happens(rng, resolved, count),
        "duration_seconds": np.ceil(duration).astype("int64"),
    }
