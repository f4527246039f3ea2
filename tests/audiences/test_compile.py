"""`where` is a small language: what is in it compiles, what is not is refused."""

import pytest

from c360.audiences.compile import compile_audience
from c360.audiences.definition import AudienceDefinition
from c360.core.errors import ConfigurationError

COLUMNS = [
    "customer_id",
    "country_code",
    "order_count",
    "rfm_monetary_score",
    "revenue_amount",
    "has_email",
    "as_of_date",
]
MODELS = ["churn"]


def audience(where: str) -> AudienceDefinition:
    """An audience with this condition."""
    return AudienceDefinition(
        name="some_people",
        description="People of a test.",
        owner="tests",
        use="retargeting",
        where=where,
        purposes=["ad_user_data", "ad_personalization"],
        destinations=["meta"],
        holdout_rate=0.1,
    )


def condition(where: str) -> str:
    """What the condition becomes in SQL."""
    return compile_audience(audience(where), COLUMNS, MODELS).sql.split("where ", 1)[1]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("order_count >= 4 and has_email", '"customer"."order_count" >= 4 AND "customer"."has_email"'),
        ("not (ORDER_COUNT between 1 and 3)", 'NOT ("customer"."order_count" BETWEEN 1 AND 3)'),
        ("country_code in ('FR', 'BE')", "\"customer\".\"country_code\" IN ('FR', 'BE')"),
        ("country_code is not null", 'NOT "customer"."country_code" IS NULL'),
        ("lower(country_code) = 'o''x' -- why", "LOWER(\"customer\".\"country_code\") = 'o''x'"),
        (
            "coalesce(revenue_amount, 0) / 2 > abs(-order_count)",
            'COALESCE("customer"."revenue_amount", 0) / 2 > ABS(-"customer"."order_count")',
        ),
    ],
)
def test_the_language_compiles(where: str, expected: str) -> None:
    """Each piece of the language means what it means in SQL, over columns of the customer."""
    assert condition(where) == expected


@pytest.mark.parametrize(
    "where",
    [
        "order_count in (select 1)",
        "order_count = (select max(order_count) from customer_360.customer_360)",
        "exists (select 1)",
        "select 1",
        "drop table customers",
        "order_count = 1; drop table customers",
        "order_count = 1 union select 1",
        "order_count = 1 group by order_count",
        "read_text('/etc/passwd') = 'x'",
        "getenv('HOME') = 'x'",
        "random() < 0.5",
        "order_count = any([1])",
        "country_code like 'F%'",
        "order_count::text = '1'",
        "case when has_email then true else false end",
        "other.order_count = 1",
        "customer_360.dim_customers.email = 'x'",
        "order_count = $1",
        "order_count = ?",
        "1 < order_count < 5",
        "order_count",
        "1",
        "*",
        "order_count >",
        "order_count in country_code",
        "has_email as x",
        "(((",
    ],
)
def test_anything_else_is_refused(where: str) -> None:
    """No statement, subquery, function, cast, parameter, foreign table or bare value gets through."""
    with pytest.raises(ConfigurationError, match=r"some_people.yml: `where`"):
        compile_audience(audience(where), COLUMNS, MODELS)


def test_an_unknown_column_is_answered_with_the_nearest() -> None:
    """A typing error is told what was probably meant."""
    with pytest.raises(ConfigurationError, match=r"`rfm_monetry_score`.*nearest are `rfm_monetary_score`"):
        compile_audience(audience("rfm_monetry_score > 3"), COLUMNS, MODELS)


def test_a_probability_reads_the_scores_of_its_model() -> None:
    """`<model>_probability` joins that model's scores of the customer's day, each model once."""
    compiled = compile_audience(audience("churn_probability > 0.5 or churn_probability < 0.1"), COLUMNS, MODELS)

    assert compiled.models == ("churn",)
    assert compiled.sql.count("left join pipeline.scores") == 1
    assert "as_of_date = customer.as_of_date" in compiled.sql


def test_an_unknown_model_is_named() -> None:
    """A probability nobody predicts is a configuration error."""
    with pytest.raises(ConfigurationError, match="no model `ltv`"):
        compile_audience(audience("ltv_probability > 0.5"), COLUMNS, MODELS)
