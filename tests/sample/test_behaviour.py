"""How people behave: money that adds up, currencies that stay, and the planted signs of churn."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from sample.landed import Landed

from c360.sample.world import World


def _sales_and_returns(landed: Landed) -> pd.DataFrame:
    """Every line whose person is known, with the dates of that person's life."""
    web, till = landed.table("web_shop", "order_lines").good, landed.table("pos", "receipt_lines").good
    lines = pd.concat(
        [
            web.assign(order_id="web_shop:" + web["order_id"], day=web["ordered_at"].str.slice(0, 10)),
            till.assign(order_id="pos:" + till["receipt_id"], day=till["sold_at"].str.slice(0, 10)),
        ]
    )
    lines = lines.merge(landed.truth("orders"), on="order_id").merge(landed.truth("people"), on="person_id")
    return lines.assign(quantity=lines["quantity"].astype(int))


def test_line_amounts_add_up(landed: Landed) -> None:
    """A line costs quantity times unit price to the cent, and returns are negative."""
    lines = landed.table("web_shop", "order_lines").good
    expected = [
        int(quantity) * Decimal(price)
        for quantity, price in zip(lines["quantity"], lines["unit_price_amount"], strict=True)
    ]

    assert len(lines) > 500
    assert expected == [Decimal(amount) for amount in lines["line_amount"]]
    assert lines["line_amount"].str.fullmatch(r"-?\d+\.\d\d").all()
    assert lines["line_amount"].str.startswith("-").any()


def test_lines_belong_to_orders_that_landed(landed: Landed) -> None:
    """Web order lines and web orders know each other, and lines are numbered from 1."""
    lines, orders = landed.table("web_shop", "order_lines").good, landed.table("web_shop", "orders").good
    numbers = lines.assign(line_number=lines["line_number"].astype(int)).groupby("order_id")["line_number"]

    assert set(lines["order_id"]) == set(orders["order_id"])
    assert (numbers.min() == 1).all()
    assert (numbers.max() == numbers.size()).all()


def test_pounds_are_for_the_british_on_the_web(landed: Landed) -> None:
    """British orders are in pounds and all others in euros; the British have no card and never come to a till."""
    orders = landed.table("web_shop", "orders").good
    people = landed.truth("people")
    british = set(people.loc[people["country_code"] == "GB", "person_id"])
    records = landed.truth("records")
    at_the_till = set(records.loc[records["source_name"] == "pos", "person_id"])

    assert len(british) > 1
    assert ((orders["country_code"] == "GB") == (orders["currency_code"] == "GBP")).all()
    assert set(landed.table("pos", "receipt_lines").good["currency_code"]) == {"EUR"}
    assert at_the_till
    assert not british & at_the_till


def test_tills_ring_at_opening_hours(landed: Landed) -> None:
    """Receipts are written from nine to eight in the evening, far from the hour that clocks skip or repeat."""
    hours = set(landed.table("pos", "receipt_lines").good["sold_at"].str.slice(11, 13).astype(int))

    assert hours == set(range(9, 20))


def test_nobody_buys_outside_their_life(landed: Landed) -> None:
    """Sales lie between joining and dropping out."""
    sales = _sales_and_returns(landed).query("quantity > 0")

    assert len(sales) > 1000
    assert (sales["day"] >= sales["joined_date"]).all()
    assert (sales["day"] <= sales["dropped_out_date"]).all()


def test_more_comes_back_in_the_fade(landed: Landed) -> None:
    """Planted: of what people buy in the fade before dropping out, they bring back several times the usual share."""
    lines = _sales_and_returns(landed)
    lines["is_fade"] = lines["day"] >= lines["fade_started_date"]
    pieces = lines.assign(is_return=lines["quantity"] < 0).groupby(["is_fade", "is_return"]).size().unstack()
    share = pieces[True] / pieces[False]

    assert pieces.loc[True, False] > 50
    assert share[True] > 2 * share[False]


def test_visits_fade_and_stop(landed: Landed) -> None:
    """Planted: web activity per day falls in the fade, and hardly any is left after dropping out."""
    events = landed.web_events().dropna(subset="user_id")
    people = landed.truth("people").set_index("person_id")
    who = people.loc[("ga4:user:" + events["user_id"]).map(landed.person_of())].reset_index()
    day = events["day"].reset_index(drop=True)
    window = np.select([day < who["fade_started_date"], day < who["dropped_out_date"]], ["active", "fade"], "gone")
    counts = pd.Series(window).value_counts()

    assert set(counts.index) == {"active", "fade", "gone"}
    rate = counts / _days_lived(people.loc[who["person_id"].unique()])
    assert rate["fade"] < 0.7 * rate["active"]
    assert rate["gone"] < 0.1 * rate["active"]


def _days_lived(people: pd.DataFrame) -> pd.Series:
    """Days in the two years of the files that people spend active, fading and gone."""
    start, end = np.datetime64("2024-07-01"), np.datetime64("2026-07-01")
    edges = [people[f"{name}_date"].to_numpy("datetime64[D]") for name in ("joined", "fade_started", "dropped_out")]
    edges = [np.clip(edge, start, end) for edge in edges] + [end]
    days = [(later - earlier).astype("timedelta64[D]").astype(int).sum() for earlier, later in pairwise(edges)]
    return pd.Series(days, index=["active", "fade", "gone"])


def test_hazard_classes_differ(landed: Landed) -> None:
    """Planted: the loyal stay longest and the fleeting leave first."""
    people = landed.truth("people")
    joined, left = (people[f"{name}_date"].to_numpy("datetime64[D]") for name in ("joined", "dropped_out"))
    days = pd.Series((left - joined).astype(int)).groupby(people["churn_hazard_class"]).median()

    assert days["loyal"] > days["steady"] > days["fleeting"]


@pytest.mark.parametrize(
    "shares",
    [
        [kind.share for kind in World().lifecycle.hazard_classes],
        [
            World().consent.granted_share,
            World().consent.withdrawn_share,
            World().consent.refused_share,
            World().consent.unanswered_share,
        ],
        list(World().consent.email_shares),
        list(World().households.size_weights),
        [kind.share_of_less_affluent for kind in World().campaigning.classes],
        [kind.share_of_more_affluent for kind in World().campaigning.classes],
        [share for _, share in World().browsing.steps.event_weights],
        list(World().writing.spelling.phone_style_weights),
        list(World().writing.spelling.name_style_weights),
    ],
)
def test_shares_of_the_world_add_up(shares: list[float]) -> None:
    """Shares that divide one whole are documented as such and add up to 1."""
    assert sum(shares) == pytest.approx(1.0)
