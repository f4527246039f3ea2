"""Consent in the files is what people answered, and silence where they did not."""

import pandas as pd
from sample.landed import CUSTOMERS, Landed

AD_PAIRS = {(purpose, to) for purpose in ("ad_user_data", "ad_personalization") for to in ("google_ads", "meta")}


def _newest(landed: Landed) -> pd.DataFrame:
    decisions = landed.table("consents", "decisions").good
    person_of = landed.truth("records").set_index("record_id")["person_id"]
    decisions["person_id"] = ("consents:subject:" + decisions["subject_id"]).map(person_of)
    newest = decisions.sort_values("decided_at", kind="stable")
    return newest.drop_duplicates(["person_id", "purpose", "recipient"], keep="last")


def test_the_newest_decision_is_the_standing_answer(landed: Landed) -> None:
    """Replaying the file gives the truth, and nobody whom the truth leaves out has a row."""
    key = ["person_id", "purpose", "recipient"]
    found = _newest(landed).set_index(key)["is_granted"].astype(bool)
    told = landed.truth("consents").set_index(key)["is_granted"].astype(bool)

    assert len(told) > CUSTOMERS
    assert found.to_dict() == told.to_dict()


def test_purposes_and_recipients_are_the_known_ones(landed: Landed) -> None:
    """Ad purposes go to the ad platforms, e-mail marketing to the shop itself."""
    decisions = landed.table("consents", "decisions").good

    assert set(zip(decisions["purpose"], decisions["recipient"], strict=True)) == AD_PAIRS | {
        ("email_marketing", "own")
    }


def test_about_every_second_person_grants_the_ad_purposes(landed: Landed) -> None:
    """Some 55 % stand by a grant, some refuse, and some never answered."""
    ads = landed.truth("consents").query("recipient == 'google_ads'").groupby("person_id")["is_granted"].all()

    assert 0.47 < ads.sum() / CUSTOMERS < 0.63
    assert 0.10 < (~ads).sum() / CUSTOMERS < 0.40
    assert 0.12 < 1 - len(ads) / CUSTOMERS < 0.28


def test_some_take_a_grant_back(landed: Landed) -> None:
    """A withdrawal is a later refusal of what was granted, and nobody grants after it."""
    decisions = landed.table("consents", "decisions").good.sort_values("decided_at", kind="stable")
    answers = decisions.groupby(["subject_id", "purpose", "recipient"])["is_granted"].agg(list)

    assert {tuple(answer) for answer in answers} == {(True,), (False,), (True, False)}


def test_answers_differ_between_recipients_and_from_email(landed: Landed) -> None:
    """Some grant one platform and refuse the other; the answer about e-mail follows neither."""
    wide = landed.truth("consents").pivot_table(
        index="person_id", columns=["purpose", "recipient"], values="is_granted", aggfunc="first"
    )
    google, meta = wide["ad_user_data", "google_ads"], wide["ad_user_data", "meta"]
    both = wide[[("ad_user_data", "google_ads"), ("email_marketing", "own")]].dropna().astype(bool)

    assert ((google == True) & (meta == False)).any()  # noqa: E712  missing is neither
    assert len(both.value_counts()) == 4


def test_every_subject_can_be_recognised(landed: Landed) -> None:
    """A subject carries an e-mail address, an account or a loyalty number."""
    decisions = landed.table("consents", "decisions").good

    assert len(decisions) > CUSTOMERS
    assert decisions[["email", "account_id", "loyalty_number"]].notna().any(axis=1).all()
