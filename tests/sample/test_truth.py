"""Who is who: everything that landed about a person, and nothing else, is in the truth."""

import pandas as pd
import pytest
from sample.landed import CUSTOMERS, Landed

from c360.privacy.normalise import normalise_email, normalise_phone

SPOILT = ("inconnu@", "06 00")
"""Identifiers planted as unusable."""


def _landed_records(landed: Landed) -> pd.DataFrame:
    """Records of people that landed in the sources with most of them, with the identifiers written beside."""
    accounts = landed.table("web_shop", "accounts").good
    orders = landed.table("web_shop", "orders").good
    guests = orders[orders["account_id"].isna()]
    receipts = landed.table("pos", "receipt_lines").good
    cards = receipts[receipts["loyalty_number"].notna()]
    is_shared = cards["loyalty_number"].isin(landed.truth("shared_identifiers")["identifier_value"])
    cards = cards.assign(email=cards["email"].mask(is_shared))  # may be that of whoever of the family showed the card
    e_receipts = receipts[receipts["loyalty_number"].isna() & receipts["email"].notna()]
    contacts = landed.table("salesforce", "contacts").good
    leads = landed.table("hubspot", "contacts").good
    members = landed.table("loyalty", "members").good
    users = landed.web_events().dropna(subset="user_id")
    decisions = landed.table("consents", "decisions").good
    return pd.concat(
        [
            accounts.assign(record_id="web_shop:account:" + accounts["account_id"]),
            orders.dropna(subset="account_id").assign(record_id=lambda rows: "web_shop:account:" + rows["account_id"]),
            guests.assign(record_id="web_shop:order:" + guests["order_id"]),
            cards.assign(record_id="pos:loyalty:" + cards["loyalty_number"]),
            e_receipts.assign(record_id="pos:receipt:" + e_receipts["receipt_id"]),
            contacts.assign(record_id="salesforce:contact:" + contacts["id"]),
            leads.assign(record_id="hubspot:contact:" + leads["record_id"]),
            members.assign(record_id="loyalty:member:" + members["loyalty_number"]),
            users.assign(record_id="ga4:user:" + users["user_id"], account_id=users["user_id"]),
            decisions.assign(record_id="consents:subject:" + decisions["subject_id"]),
        ],
        ignore_index=True,
    )


def test_truth_names_every_record_that_landed_and_no_other(landed: Landed) -> None:
    """Each native id in the files has one person, and each record of the truth can be found in a file."""
    records = landed.truth("records")
    landed_ids = set(_landed_records(landed)["record_id"])
    kinds = {record_id.rpartition(":")[0] for record_id in landed_ids}
    told = records[records["record_id"].map(lambda record_id: record_id.rpartition(":")[0]).isin(kinds)]

    assert len(kinds) == 9
    assert records["record_id"].is_unique
    assert landed_ids == set(told["record_id"])
    assert set(records["person_id"]) <= set(landed.truth("people")["person_id"])


def test_everybody_is_known_to_some_source(landed: Landed) -> None:
    """As many people live in the world as were asked for, and each has a record or uses the card of another."""
    people = landed.truth("people")
    cards = landed.truth("shared_identifiers").query("identifier_type == 'loyalty_number'")
    known = set(landed.truth("records")["person_id"]) | set(cards["person_id"])

    assert len(people) == CUSTOMERS
    assert people["person_id"].is_unique
    assert known == set(people["person_id"])


@pytest.mark.parametrize("identifier", ["email", "phone", "loyalty_number", "account_id", "anonymous_id"])
def test_only_those_told_share_an_identifier(landed: Landed, identifier: str) -> None:
    """However it is spelt, an identifier leads to one person, or to people who share it by the truth."""
    written = _landed_records(landed).dropna(subset=identifier).drop_duplicates(["record_id", identifier])
    written = written[~written[identifier].isin(SPOILT)]
    normal = {
        "email": lambda row: normalise_email(row["email"]).value,
        "phone": lambda row: normalise_phone(row["phone"], row["country_code"]).value,
    }.get(identifier, lambda row: row[identifier])
    values = written.apply(normal, axis=1)
    people_of_value = written["record_id"].map(landed.person_of()).groupby(values).agg(frozenset)
    sharing = people_of_value[people_of_value.map(len) > 1]
    shared = landed.truth("shared_identifiers").query("identifier_type == @identifier")
    told = shared.groupby("identifier_value")["person_id"].agg(frozenset)

    assert len(people_of_value) > 50
    assert values.notna().all()
    assert [value for value, people in sharing.items() if not any(people <= known for known in told)] == []
    assert len(told) == 0 or (told.map(len) > 1).any()


def test_people_are_written_differently(landed: Landed) -> None:
    """One person's e-mail address, phone number and name are spelt in several ways across their records."""
    written = _landed_records(landed)
    by_person = written.groupby(written["record_id"].map(landed.person_of()))

    assert (by_person["email"].nunique() > 1).mean() > 0.2
    assert (by_person["phone"].nunique() > 1).mean() > 0.2
    assert (by_person["first_name"].nunique() > 1).mean() > 0.2


def test_some_records_miss_an_identifier(landed: Landed) -> None:
    """Accounts and contacts without a phone number, contacts without an e-mail address and guests occur."""
    orders = landed.table("web_shop", "orders").good
    contacts = landed.table("salesforce", "contacts").good

    assert landed.table("web_shop", "accounts").good["phone"].isna().any()
    assert contacts["email"].isna().any()
    assert contacts["phone"].isna().any()
    assert orders["account_id"].isna().any()
    assert (orders["email"].notna() | orders["phone"].notna()).all()


def test_the_programme_knows_every_card_of_a_till(landed: Landed) -> None:
    """A loyalty number on a receipt is the number of a member, and both are the same person's."""
    shown = landed.table("pos", "receipt_lines").good["loyalty_number"].dropna().unique()
    person_of = landed.person_of()

    assert len(shown) > 50
    assert [
        number for number in shown if person_of[f"pos:loyalty:{number}"] != person_of[f"loyalty:member:{number}"]
    ] == []


def test_orders_of_people_are_in_the_truth(landed: Landed) -> None:
    """Every web order, and every receipt that names somebody, has the person whom the truth names for its record."""
    orders = landed.truth("orders").set_index("order_id")["person_id"]
    written = _landed_records(landed)
    order_id = ("web_shop:" + written["order_id"]).fillna("pos:" + written["receipt_id"])
    told = order_id.dropna().map(orders)
    cards = landed.truth("shared_identifiers").query("identifier_type == 'loyalty_number'")
    uses = set(zip(cards["identifier_value"], cards["person_id"], strict=True))
    is_owner = told == written["record_id"].map(landed.person_of())[told.index]
    others = zip(written["loyalty_number"][told.index][~is_owner], told[~is_owner], strict=True)

    assert len(told) > 500
    assert set(others) <= uses
    assert 0 < (~is_owner).mean() < 0.05


def test_most_till_receipts_are_anonymous(landed: Landed) -> None:
    """Most receipts name nobody, and most of those are nobody's: walk-ins are not in the truth."""
    receipts = landed.table("pos", "receipt_lines").good.drop_duplicates("receipt_id")
    anonymous = receipts[receipts["loyalty_number"].isna() & receipts["email"].isna()]
    owned = ("pos:" + anonymous["receipt_id"]).isin(landed.truth("orders")["order_id"])

    assert 0.5 < len(anonymous) / len(receipts) < 0.8
    assert 0 < owned.mean() < 0.5


def test_a_device_has_one_owner(landed: Landed) -> None:
    """An account and its device are the same person's; devices of nobody, and crawlers, never sign in."""
    events = landed.web_events()
    owner = landed.truth("devices").set_index("anonymous_id")["person_id"]
    tablets = landed.truth("shared_identifiers").query("identifier_type == 'anonymous_id'")["identifier_value"]
    signed_in = events.dropna(subset="user_id")
    signed_in = signed_in[~signed_in["anonymous_id"].isin(tablets)]

    assert owner.index.is_unique
    assert len(tablets) > 2
    assert not owner.index.isin(tablets).any()
    assert len(signed_in) > 1000
    assert (signed_in["anonymous_id"].map(owner) == ("ga4:user:" + signed_in["user_id"]).map(landed.person_of())).all()
    assert not events["anonymous_id"].isin(owner.index).all()
