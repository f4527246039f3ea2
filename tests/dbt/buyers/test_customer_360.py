"""Customer 360 and what is built on it, by real dbt, against figures worked out another way."""

import json
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from .conftest import AS_OF, INTERACTION_COUNT, PROJECT_DIR, VISITOR_COUNT, DbtWorld

YEAR_BEFORE = AS_OF - timedelta(days=365)
SCORES = ["rfm_recency_score", "rfm_frequency_score", "rfm_monetary_score"]
TEST_FOLDERS = [PROJECT_DIR / "tests" / layer for layer in ("customer_360", "features", "exports", "measurement")]


@pytest.fixture(scope="module")
def purchases(built_world: DbtWorld) -> pd.DataFrame:
    """What known customers bought and brought back before the run, read from what the sources delivered."""
    rows = built_world.frame(
        """
        select line.*, identity.customer_id
        from (from staging.stg_pos__order_lines union all by name from staging.stg_web_shop__order_lines) as line
        join identity.dim_identities as identity using (record_id)
        """
    )
    rows["amount"] = rows["line_amount"].astype(float)
    rows["day"] = rows["ordered_at"].dt.date
    return rows[rows["line_kind"].isin(["sale", "return"]) & (rows["day"] < AS_OF)]


@pytest.fixture(scope="module")
def customers(built_world: DbtWorld) -> pd.DataFrame:
    """Customer 360."""
    return built_world.frame("select * from customer_360.customer_360").set_index("customer_id").sort_index()


@pytest.fixture(scope="module")
def models(built_world: DbtWorld) -> dict[str, dict]:
    """What dbt knows about every model it built here, by name."""
    manifest = json.loads((built_world.folder / "target" / "manifest.json").read_text(encoding="utf-8"))
    layers = {folder.name for folder in TEST_FOLDERS}
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return {node["name"]: node for node in nodes if node["schema"] in layers}


def test_everything_builds_and_every_test_passes(built_world: DbtWorld) -> None:
    """Models, unit tests and data tests all ran on the world of buyers, and none failed or warned."""
    statuses = built_world.results()
    sentences = {path.stem for folder in TEST_FOLDERS for path in folder.glob("assert_*.sql")}

    assert len(statuses) > 100
    assert len(sentences) > 10
    assert sentences <= set(statuses)
    assert built_world.unwell() == set()


def test_sums_and_dates_equal_an_independent_computation(customers: pd.DataFrame, purchases: pd.DataFrame) -> None:
    """Orders, revenue and dates per customer are those pandas finds in the delivered lines."""
    expected = expected_sums(purchases).reindex(customers.index)
    counts = ["order_count", "order_365d_count", "store_order_count", "revenue_amount", "revenue_365d_amount"]

    assert (expected["revenue_365d_amount"] < 0).any()
    assert len(expected.dropna()) > 100
    for column in counts:
        pd.testing.assert_series_equal(customers[column], expected[column].fillna(0), check_dtype=False)
    for column in ("first_order_date", "last_order_date"):
        found = customers[column].dropna().dt.date
        pd.testing.assert_series_equal(found, expected[column].dropna(), check_dtype=False)


def expected_sums(purchases: pd.DataFrame) -> pd.DataFrame:
    """Orders, revenue, first and last day by customer; an order is one that sold something."""
    sales = purchases[purchases["line_kind"] == "sale"]
    recent = purchases[purchases["day"] >= YEAR_BEFORE]

    def orders(rows: pd.DataFrame) -> pd.Series:
        return rows.groupby("customer_id")["order_id"].nunique()

    return pd.DataFrame(
        {
            "order_count": orders(sales),
            "order_365d_count": orders(sales[sales["day"] >= YEAR_BEFORE]),
            "store_order_count": orders(sales[sales["channel"] == "store"]),
            "revenue_amount": purchases.groupby("customer_id")["amount"].sum(),
            "revenue_365d_amount": recent.groupby("customer_id")["amount"].sum(),
            "first_order_date": sales.groupby("customer_id")["day"].min(),
            "last_order_date": sales.groupby("customer_id")["day"].max(),
            "currency_code": purchases.groupby("customer_id")["currency_code"].first(),
        }
    )


def test_rfm_equals_an_independent_computation(customers: pd.DataFrame, purchases: pd.DataFrame) -> None:
    """Scores and segments are those pandas computes by counting, for each buyer, whom the buyer beats."""
    sums = expected_sums(purchases)
    buyers = sums[sums["order_365d_count"] > 0]
    recency = buyers["last_order_date"].map(lambda day: -(AS_OF - day).days)
    expected = pd.DataFrame(
        {
            "rfm_recency_score": score(recency),
            "rfm_frequency_score": score(buyers["order_365d_count"]),
            "rfm_monetary_score": pd.concat(
                score(amounts) for _, amounts in buyers.groupby("currency_code")["revenue_365d_amount"]
            ),
        }
    )
    expected["tenure_days"] = buyers["first_order_date"].map(lambda day: (AS_OF - day).days)
    scored = customers.dropna(subset=SCORES)

    assert len(expected) > 100
    assert buyers["currency_code"].nunique() == 2
    pd.testing.assert_frame_equal(scored[SCORES], expected[SCORES].sort_index(), check_dtype=False)
    assert scored["rfm_segment"].to_dict() == expected.apply(segment, axis=1).to_dict()
    assert scored["rfm_segment"].nunique() == 6


def score(values: pd.Series) -> pd.Series:
    """1 plus the whole fifths of the others whom each beats, at most 5."""
    beaten = pd.Series([(values < value).sum() for value in values], index=values.index)
    return (1 + 5 * beaten // max(len(values) - 1, 1)).clip(upper=5)


def segment(buyer: pd.Series) -> str:
    """The segment of somebody with an order in the last 365 days."""
    recency, frequency, monetary = (buyer[column] for column in SCORES)
    if min(recency, frequency, monetary) >= 4:
        return "champions"
    if buyer["tenure_days"] <= 90:
        return "new"
    if recency >= 3:
        return "loyal" if frequency >= 4 else "promising"
    return "at_risk" if max(frequency, monetary) >= 4 else "hibernating"


def test_who_does_not_buy_is_a_customer_too(customers: pd.DataFrame, purchases: pd.DataFrame) -> None:
    """People without an order are `never_bought`, those without one in a year `lapsed`, and neither has scores."""
    sales = purchases[purchases["line_kind"] == "sale"]
    never = set(customers.index) - set(sales["customer_id"])
    lapsed = set(sales["customer_id"]) - set(sales[sales["day"] >= YEAR_BEFORE]["customer_id"])

    assert never
    assert lapsed
    assert set(customers[customers["rfm_segment"] == "never_bought"].index) == never
    assert set(customers[customers["rfm_segment"] == "lapsed"].index) == lapsed
    assert set(customers[customers["rfm_recency_score"].isna()].index) == never | lapsed


def test_who_is_known_by_a_device_alone_is_an_anonymous_customer(
    built_world: DbtWorld, customers: pd.DataFrame
) -> None:
    """A device that is nobody's is a customer of its own, which has visits; a buyer's own device adds to the buyer."""
    anonymous = customers[customers["is_anonymous"]]
    visits = built_world.frame("select * from customer_360.fct_web_events where not is_signed_in")
    owned = visits[~visits["customer_id"].isin(anonymous.index)].dropna(subset="customer_id")

    assert len(anonymous) == VISITOR_COUNT / 2
    assert all(customer_id.startswith("c_visitor_") for customer_id in anonymous.index)
    assert set(anonymous["rfm_segment"]) == {"never_bought"}
    assert not anonymous[["has_email", "has_phone", "has_loyalty_card"]].to_numpy().any()
    assert visits["customer_id"].isin(anonymous.index).sum() > 50
    assert len(owned) > 50
    assert all(record_id.startswith("ga4:device:") for record_id in owned["record_id"])


def test_interactions_are_those_of_before_the_run_on_their_customers(built_world: DbtWorld) -> None:
    """Every interaction from before the run's day is there once, on the customer of its record or on nobody."""
    expected = built_world.frame(
        f"""
        select staged.interaction_id, clusters.customer_id
        from staging.stg_call_centre__interactions as staged
        left join pipeline.identity_clusters as clusters using (record_id)
        where staged.occurred_at < timestamp '{AS_OF}' order by 1
        """
    )
    facts = built_world.frame("select interaction_id, customer_id from customer_360.fct_interactions order by 1")

    assert 100 < len(facts) < INTERACTION_COUNT
    assert 0 < facts["customer_id"].isna().sum() < len(facts)
    pd.testing.assert_frame_equal(facts, expected)


def test_nothing_personal_is_public(built_world: DbtWorld, models: dict[str, dict]) -> None:
    """Public tables hold no e-mail, phone, name or address, and declare no personal column; exports do."""
    public = [model for model in models.values() if model["config"]["access"] == "public"]
    people = built_world.frame(
        "select email, phone, first_name, last_name, postal_code from customer_360.dim_customers"
    )
    personal = set(people.stack().dropna())

    assert {model["name"] for model in public} == {
        "customer_360",
        "fct_orders",
        "fct_order_lines",
        "fct_web_events",
        "fct_interactions",
    }
    assert len(personal) > 200
    for model in public:
        rows = built_world.frame(f"select * from {model['schema']}.{model['name']}").astype(str)
        assert len(rows)
        assert not rows.isin(personal).to_numpy().any(), model["name"]
        assert personal_columns(model) == set()
    assert personal_columns(models["sync_meta"]) == set(people.columns)


def personal_columns(model: dict) -> set[str]:
    """The columns of a model that are declared personal."""
    return {name for name, column in model["columns"].items() if column["config"]["meta"].get("pii")}


def test_every_column_is_described(built_world: DbtWorld, models: dict[str, dict]) -> None:
    """Every column of every model is in its YAML with a description, amounts and days with their unit."""
    columns = built_world.frame("select table_schema, table_name, column_name from information_schema.columns")
    found = columns[columns["table_name"].isin(models)]
    described = {
        (name, column)
        for name, model in models.items()
        for column, terms in model["columns"].items()
        if terms["description"]
    }

    assert len(models) > 15
    assert set(zip(found["table_name"], found["column_name"], strict=True)) == described


def test_consent_is_read_when_a_member_is_sent(built_world: DbtWorld, tmp_path: Path) -> None:
    """A consent withdrawn or lost after the build takes its member out of the exports at once, without dbt."""
    world = built_world.copy(tmp_path / "world")
    before = members_to_send(world)
    refuser, forgotten = sorted(before["meta"])[:2]
    world.execute(
        f"update privacy.customer_consents set is_granted = false where customer_id = '{refuser}' "
        "and recipient = 'meta' and purpose = 'ad_personalization'",
        f"delete from privacy.customer_consents where customer_id = '{forgotten}' and recipient = 'meta' "
        "and purpose = 'ad_user_data'",
    )
    after = members_to_send(world)

    assert len(before["google_ads"]) > 20
    assert after["meta"] == before["meta"] - {refuser, forgotten}
    assert after["google_ads"] == before["google_ads"]


def members_to_send(world: DbtWorld) -> dict[str, set[str]]:
    """The customers each destination would be sent."""
    return {
        destination: set(world.frame(f"select customer_id from exports.sync_{destination}")["customer_id"])
        for destination in ("google_ads", "meta")
    }


DAMAGE = (
    # An order line arrives twice and another loses its customer, an order is lost, another one's money is wrong.
    "insert into customer_360.fct_order_lines from customer_360.fct_order_lines limit 1",
    "update customer_360.fct_order_lines set customer_id = null where record_id is not null",
    "delete from customer_360.fct_orders where order_id = (select min(order_id) from customer_360.fct_orders)",
    "update customer_360.fct_orders set revenue_amount = revenue_amount + 0.01",
    # One customer disappears, another buys in two currencies, a third has an order no channel knows.
    "delete from customer_360.customer_360 where customer_id = 'c_0000000000000001'",
    "update customer_360.int_purchases__daily set currency_code = order_id",
    "update customer_360.customer_360 set order_count = order_count + 1",
    # A customer loses half of the features, another has a label of the future and an impossible rate.
    "delete from features.ftr_customers__engagement where as_of_date = '2026-07-01'",
    "insert into features.lbl_churn select 'c_unknown', true, date '2026-07-01'",
    "update features.ftr_customers__rfm set return_365d_rate = 1.5",
    # An export forgets to ask for consent and takes the holdout with it.
    "create or replace view exports.sync_meta as select audience_name, customer_id from pipeline.audience_members",
    # An audience takes in somebody known by a device alone.
    "insert into pipeline.audience_members select 'all', 'meta', 'c_visitor_0', date '2026-07-01', 'member', ''",
    # Somebody held out was sent, a count is off, lines are missing from the report.
    "insert into pipeline.export_results by name from pipeline.audience_members where status = 'held_out'",
    "update measurement.rpt_audience_sizes set matched_count = matched_count + 1",
    "update measurement.rpt_order_line_treatments set line_count = line_count + 1",
)


def test_every_sentence_can_fail(built_world: DbtWorld, tmp_path: Path) -> None:
    """Each `assert_...` test notices tables that were damaged in the way it speaks of."""
    world = built_world.copy(tmp_path / "world")
    world.execute(*DAMAGE)
    finished = world.dbt("test", [f"path:tests/{folder.name}" for folder in TEST_FOLDERS])
    sentences = {path.stem for folder in TEST_FOLDERS for path in folder.glob("assert_*.sql")}

    assert finished.returncode == 1
    assert sentences
    assert world.unwell() == sentences
