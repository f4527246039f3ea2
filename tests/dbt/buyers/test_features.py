"""Features and labels, by real dbt: nothing of the future is seen, and the figures are right."""

from datetime import date, timedelta

import pandas as pd
import pytest

from .conftest import AS_OF, DbtWorld

CUTOFFS = [AS_OF - timedelta(days=days) for days in (0, 90, 180, 270, 360)]
PAST_CUTOFF = CUTOFFS[2]
TABLES = ("ftr_customers__rfm", "ftr_customers__engagement")


@pytest.fixture(scope="module")
def world_without_future(built_world: DbtWorld, tmp_path_factory: pytest.TempPathFactory) -> DbtWorld:
    """The same world rebuilt for the same day from events before a past cut-off only."""
    world = built_world.copy(tmp_path_factory.mktemp("past") / "world")
    world.execute(
        f"delete from staging.stg_pos__order_lines where ordered_at >= '{PAST_CUTOFF}'",
        f"delete from staging.stg_web_shop__order_lines where ordered_at >= '{PAST_CUTOFF}'",
        f"delete from staging.stg_ga4__web_events where occurred_at >= '{PAST_CUTOFF}'",
    )
    finished = world.dbt("run", ["path:models/customer_360", "path:models/features"])
    assert finished.returncode == 0, finished.stdout
    return world


def rows_of(world: DbtWorld, table: str, until: date = AS_OF) -> pd.DataFrame:
    """The rows of a feature or label table up to a cut-off, in order."""
    return world.frame(f"select * from features.{table} where as_of_date <= '{until}' order by as_of_date, customer_id")


@pytest.mark.parametrize("table", TABLES)
def test_features_do_not_see_what_follows_their_cutoff(
    built_world: DbtWorld, world_without_future: DbtWorld, table: str
) -> None:
    """Deleting every event from a cut-off on leaves the features of that cut-off and earlier ones as they were."""
    features = rows_of(built_world, table, PAST_CUTOFF)

    assert len(features) > 100
    assert features["as_of_date"].nunique() == 3
    pd.testing.assert_frame_equal(rows_of(world_without_future, table, PAST_CUTOFF), features)


def test_the_deleted_future_was_there(built_world: DbtWorld, world_without_future: DbtWorld) -> None:
    """What was deleted mattered: the labels of that cut-off and the features of later ones are different without it."""
    labels = rows_of(built_world, "lbl_churn", PAST_CUTOFF)
    labels_without = rows_of(world_without_future, "lbl_churn", PAST_CUTOFF)
    now, now_without = (rows_of(world, TABLES[0]) for world in (built_world, world_without_future))

    assert not labels["is_churned"].equals(labels_without["is_churned"])
    assert labels_without.query("as_of_date == @PAST_CUTOFF.isoformat()")["is_churned"].all()
    assert len(now) > len(now_without)


@pytest.fixture(scope="module")
def days_bought(built_world: DbtWorld) -> dict[str, list[date]]:
    """The days on which each known customer bought something, from what the sources delivered."""
    sales = built_world.frame(
        """
        select identity.customer_id, line.ordered_at
        from (from staging.stg_pos__order_lines union all by name from staging.stg_web_shop__order_lines) as line
        join identity.dim_identities as identity using (record_id)
        where line.line_kind = 'sale'
        """
    )
    days = sales["ordered_at"].dt.date
    return {str(customer): sorted(found) for customer, found in days.groupby(sales["customer_id"])}


def days_between(days: list[date], first: date, end: date) -> list[date]:
    """The days from `first` on and before `end`."""
    return [day for day in days if first <= day < end]


def test_exactly_the_active_customers_have_features(built_world: DbtWorld, days_bought: dict[str, list[date]]) -> None:
    """A row for every customer who bought in the 365 days before a cut-off, with the days since the last purchase."""
    expected = {
        (customer, cutoff): (cutoff - max(days_between(days, cutoff - timedelta(days=365), cutoff))).days
        for customer, days in days_bought.items()
        for cutoff in CUTOFFS
        if days_between(days, cutoff - timedelta(days=365), cutoff)
    }
    features = rows_of(built_world, "ftr_customers__rfm")
    keys = zip(features["customer_id"], features["as_of_date"].dt.date, strict=True)

    assert len(expected) > 300
    assert dict(zip(keys, features["recency_days"], strict=True)) == expected


def test_whose_a_device_is_changes_no_feature(built_world: DbtWorld) -> None:
    """Visits are counted when the visitor signed in: whose the device was may have been learnt after the cut-off."""
    found = built_world.frame(
        """
        select features.web_event_90d_count, features.customer_id, features.as_of_date,
            count(case when starts_with(event.record_id, 'web_shop:') then 1 end) as signed_in_count,
            count(case when starts_with(event.record_id, 'ga4:device:') then 1 end) as device_count
        from features.ftr_customers__engagement as features
        left join identity.dim_identities as identity using (customer_id)
        left join staging.stg_ga4__web_events as event
            on identity.record_id = event.record_id and occurred_at < as_of_date and occurred_at >= as_of_date - 90
        group by all
        """
    )

    assert len(found) > 300
    assert found["device_count"].sum() > 20
    assert found["signed_in_count"].sum() > 100
    assert (found["web_event_90d_count"] == found["signed_in_count"]).all()


def test_churned_are_those_who_bought_nothing_in_the_90_days(
    built_world: DbtWorld, days_bought: dict[str, list[date]]
) -> None:
    """Labels equal their definition, for every cut-off whose 90 days lie behind the run and for no other."""
    labels = rows_of(built_world, "lbl_churn")
    found = list(zip(labels["customer_id"], labels["as_of_date"].dt.date, labels["is_churned"], strict=True))
    expected = [
        (customer, cutoff, not days_between(days_bought[customer], cutoff, cutoff + timedelta(days=90)))
        for customer, cutoff, _ in found
    ]

    assert {cutoff for _, cutoff, _ in found} == set(CUTOFFS[1:])
    assert {is_churned for _, _, is_churned in found} == {True, False}
    assert found == expected
