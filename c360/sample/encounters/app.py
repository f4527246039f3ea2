"""What people do in the shop's app, call by call."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from c360.sample.draws import Positions, happens, moments, pick
from c360.sample.encounters.touchpoints import App, AppSessions
from c360.sample.shopping import Purchases
from c360.sample.story import Story
from c360.sample.timeline import DAYS_PER_YEAR, Timeline

IDENTIFY, SCREEN, ORDER_COMPLETED, SIGNED_IN = "identify", "screen", "Order Completed", "Signed In"
PRODUCT_CALLS = ("Product Viewed", "Product Added")


@dataclass(frozen=True)
class AppLife:
    """Everything that happened in the app."""

    users: pd.DataFrame
    """`person`, `installation` (number), `shows_advertising_id`, `is_ios`."""
    calls: pd.DataFrame
    """In order of time: `person`, `user` (position in the users), `call` (kind), `second` (since the start),
    `product` (position, -1), `order` (position in the orders, -1), `is_known`."""


def use_app(rng: np.random.Generator, story: Story, app: App, sessions_of: AppSessions) -> AppLife:
    """The users of the app and every call it made."""
    people, purchases, timeline = story.people, story.purchases, story.timeline
    is_user = people["account_id"].notna().to_numpy() & happens(rng, app.user_share, len(people))
    person = np.flatnonzero(is_user)
    users = pd.DataFrame(
        {
            "person": person,
            "installation": story.block.first_person + person,
            "shows_advertising_id": happens(rng, app.advertising_id_share, len(person)),
            "is_ios": happens(rng, app.ios_share, len(person)),
        }
    )
    sessions = pd.concat(
        [_looking(rng, people, person, app, timeline), _ordering(rng, is_user, purchases, app)], ignore_index=True
    )
    sessions["is_known"] = happens(rng, app.signed_in_share, len(sessions)) | (sessions["order"] >= 0)
    calls = _calls(rng, sessions, sessions_of, timeline)
    position = np.full(len(people), -1)
    position[person] = np.arange(len(person))
    is_product = calls["call"].isin(PRODUCT_CALLS).to_numpy()
    product = np.where(is_product, pick(rng, story.products["popularity"].to_numpy(), len(calls)), -1)
    calls = calls.assign(user=position[calls["person"].to_numpy()], product=product)
    return AppLife(users, calls.sort_values("second", kind="stable", ignore_index=True))


def _looking(
    rng: np.random.Generator, people: pd.DataFrame, person: Positions, app: App, timeline: Timeline
) -> pd.DataFrame:
    start = np.maximum(people["joined_day"].to_numpy()[person], 0.0)
    end = np.minimum(people["fade_started_day"].to_numpy()[person], timeline.day_count)
    row, day = moments(rng, np.full(len(person), app.sessions_per_year / DAYS_PER_YEAR), start, end, timeline)
    return pd.DataFrame({"person": person[row], "day": day, "order": -1})


def _ordering(rng: np.random.Generator, is_user: np.ndarray, purchases: Purchases, app: App) -> pd.DataFrame:
    orders = purchases.orders
    person = orders["person"].to_numpy()
    placed = np.append(is_user, False)[person] & orders["is_signed_in"].to_numpy(dtype=bool)
    order = np.flatnonzero(placed & happens(rng, app.order_share, len(orders)))
    return pd.DataFrame({"person": person[order], "day": orders["day"].to_numpy()[order], "order": order})


def _calls(rng: np.random.Generator, sessions: pd.DataFrame, app: AppSessions, timeline: Timeline) -> pd.DataFrame:
    """Spell sessions out: who it is, what they looked at, and the order if there is one."""
    is_order = (sessions["order"] >= 0).to_numpy()
    count = 1 + rng.poisson(app.calls_mean, len(sessions)) + is_order
    session = np.repeat(np.arange(len(sessions)), count)
    place = np.arange(len(session)) - np.repeat(np.cumsum(count) - count, count)
    is_last = place == count[session] - 1
    names, weights = zip(*app.call_weights, strict=True)
    call = np.array(names, dtype=object)[pick(rng, weights, len(session))]
    rows = sessions.iloc[session].reset_index(drop=True)
    call[(place == 0) & rows["is_known"].to_numpy()] = IDENTIFY
    call[(place == 0) & ~rows["is_known"].to_numpy()] = SCREEN
    call[is_last & is_order[session]] = ORDER_COMPLETED
    end = timeline.web_seconds(rows["day"].to_numpy())
    calls_left = count[session] - 1 - place
    gap = app.longest_gap_seconds * calls_left * rng.uniform(0.5, 1.0, len(sessions))[session]
    return rows.assign(
        call=pd.Series(call, dtype="category"),
        second=end - np.ceil(gap),
        order=np.where(is_last, rows["order"].to_numpy(), -1),
    ).drop(columns="day")
