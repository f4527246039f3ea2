"""Consent fails closed."""

import duckdb
import pytest

from c360.privacy.consent import GRANTED_SQL, refusal_cases

PURPOSES = ["ad_user_data", "ad_personalization"]


def judge(*consents: tuple[str, str, bool | None]) -> str:
    """What becomes of customer c for meta, given rows of purpose, recipient and answer."""
    with duckdb.connect() as connection:
        connection.execute("create schema privacy")
        connection.execute(
            "create table privacy.customer_consents "
            "(customer_id text, purpose text, recipient text, is_granted boolean)"
        )
        for consent in consents:
            connection.execute("insert into privacy.customer_consents values ('c', ?, ?, ?)", list(consent))
        sql = f"""
            with granted as ({GRANTED_SQL})
            select case {refusal_cases(PURPOSES)} else 'granted' end
            from (select 'c' as customer_id) as customer
            left join granted on customer.customer_id = granted.customer_id
        """
        return str(connection.execute(sql, ["meta"]).fetchall()[0][0])


def test_both_purposes_granted_to_the_recipient_are_consent() -> None:
    """Nothing less than every purpose, for this recipient."""
    assert judge(("ad_user_data", "meta", True), ("ad_personalization", "meta", True)) == "granted"


@pytest.mark.parametrize(
    ("consents", "refusal"),
    [
        ([], "no_consent:ad_user_data"),
        ([("ad_user_data", "meta", True)], "no_consent:ad_personalization"),
        ([("ad_user_data", "meta", True), ("ad_personalization", "meta", False)], "no_consent:ad_personalization"),
        ([("ad_user_data", "meta", None), ("ad_personalization", "meta", True)], "no_consent:ad_user_data"),
        ([("ad_user_data", "google_ads", True), ("ad_personalization", "google_ads", True)], "no_consent:ad_user_data"),
        ([("email_marketing", "meta", True)], "no_consent:ad_user_data"),
        (
            [("ad_user_data", "meta", True), ("ad_user_data", "meta", False), ("ad_personalization", "meta", True)],
            "no_consent:ad_user_data",
        ),
    ],
    ids=["no row", "one purpose", "refused", "unknown", "another recipient", "another purpose", "contradiction"],
)
def test_anything_else_is_a_refusal(consents: list[tuple[str, str, bool | None]], refusal: str) -> None:
    """No row, a refusal, an unknown answer, another recipient or purpose, or two answers: not granted."""
    assert judge(*consents) == refusal


def test_consent_to_nothing_is_refused() -> None:
    """A list of no purposes would let everybody through."""
    with pytest.raises(ValueError, match="no consent"):
        refusal_cases([])
