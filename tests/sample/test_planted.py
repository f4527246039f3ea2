"""Everything the truth says was planted can be found in what landed, with the numbers of the world."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sample.landed import UNTIL, Landed

from c360.sample.countries import COUNTRIES
from c360.sample.people import tied_postal_codes
from c360.sample.world import World

WORLD = World()


def _people(landed: Landed) -> pd.DataFrame:
    return landed.truth("people").set_index("person_id")


def _accounts(landed: Landed) -> pd.DataFrame:
    accounts = landed.table("web_shop", "accounts").good
    return accounts.assign(person_id=("web_shop:account:" + accounts["account_id"]).map(landed.person_of()))


def _contacts(landed: Landed) -> pd.DataFrame:
    contacts = landed.table("salesforce", "contacts").good
    return contacts.assign(person_id=("salesforce:contact:" + contacts["id"]).map(landed.person_of()))


def _orders(landed: Landed) -> pd.DataFrame:
    """Orders and receipts of people that are no returns: `order_id`, `person_id`, `day`, `amount`, first `category`."""
    web, till = landed.table("web_shop", "order_lines").good, landed.table("pos", "receipt_lines").good
    lines = pd.concat(
        [
            web.assign(order_id="web_shop:" + web["order_id"], day=web["ordered_at"].str.slice(0, 10)),
            till.assign(order_id="pos:" + till["receipt_id"], day=till["sold_at"].str.slice(0, 10)),
        ]
    )
    lines = lines.assign(amount=lines["line_amount"].astype(float), place=lines["line_number"].astype(int))
    lines = lines[lines["amount"] > 0].sort_values(["order_id", "place"])
    orders = lines.groupby("order_id", as_index=False).agg(
        day=("day", "first"), amount=("amount", "sum"), category=("category", "first")
    )
    return orders.merge(landed.truth("orders"), on="order_id")


def _views(landed: Landed) -> pd.DataFrame:
    """Product views on people's own devices, with the product's category and euro price as orders tell them."""
    lines = landed.table("web_shop", "order_lines").good
    euros = landed.table("web_shop", "orders").good.query("currency_code == 'EUR'")["order_id"]
    products = lines[lines["order_id"].isin(euros)].drop_duplicates("sku").set_index("sku")
    events = landed.web_events().query("event_name == 'view_item'")
    views = events.merge(landed.truth("devices"), on="anonymous_id")
    return views.assign(
        category=views["sku"].map(products["category"]),
        price=views["sku"].map(products["unit_price_amount"]).astype(float),
    )


def test_a_household_has_one_address_and_mostly_one_surname(town: Landed) -> None:
    """Accounts of a household that never moved name one postal code, and most pairs of adults one surname."""
    people = _people(town)
    accounts = _accounts(town).drop_duplicates("person_id").set_index("person_id")
    stayed = people[(people["moved_date"] == "") & (people["married_date"] == "")]
    homes = accounts.loc[accounts.index.isin(stayed.index)].join(people["household_id"])
    homes = homes[homes.groupby("household_id")["account_id"].transform("size") > 1]
    surname = homes["last_name"].str.upper().str.slice(0, 1)

    assert homes["household_id"].nunique() > 100
    assert (homes.groupby("household_id")["postal_code"].nunique() == 1).all()
    assert 0.7 < (surname.groupby(homes["household_id"]).nunique() == 1).mean() < 1.0


def test_twins_share_a_birth_date_a_surname_and_an_address(town: Landed) -> None:
    """Twins are two people of one household; contacts of both name one birth date and one city."""
    people = _people(town).query("is_twin")
    contacts = _contacts(town).drop_duplicates("person_id", keep="last").set_index("person_id")
    pairs = people.join(contacts[["birth_date", "city"]], how="inner").groupby("household_id")
    both = pairs.filter(lambda twins: len(twins) == 2).dropna(subset="birth_date").groupby("household_id")

    assert (people.groupby("household_id").size() == 2).all()
    assert len(people) > 20
    assert len(both) > 2
    assert (both["birth_date"].nunique() == 1).all()


def test_families_show_one_card(town: Landed) -> None:
    """Receipts of a family card are of several people, of whom one owns it."""
    shared = town.truth("shared_identifiers").query("identifier_type == 'loyalty_number'")
    receipts = town.table("pos", "receipt_lines").good.drop_duplicates("receipt_id")
    receipts = receipts[receipts["loyalty_number"].isin(shared["identifier_value"])]
    buyers = ("pos:" + receipts["receipt_id"]).map(town.truth("orders").set_index("order_id")["person_id"])
    homes = _people(town)["household_id"]

    assert shared["identifier_value"].nunique() > 50
    assert (shared["person_id"].map(homes).groupby(shared["identifier_value"]).nunique() == 1).all()
    assert (buyers.groupby(receipts["loyalty_number"]).nunique() > 1).mean() > 0.3


def test_couples_share_an_email_address(town: Landed) -> None:
    """A shared address belongs to two adults of one household, and is written for both of some couples."""
    shared = town.truth("shared_identifiers").query("identifier_type == 'email'")
    homes = shared["person_id"].map(_people(town)["household_id"])

    assert shared["identifier_value"].nunique() > 50
    assert (shared.groupby("identifier_value").size() == 2).all()
    assert (homes.groupby(shared["identifier_value"]).nunique() == 1).all()


def test_many_people_sign_in_on_a_tablet_of_a_store(town: Landed) -> None:
    """One device has the sign-ins of as many accounts as documented, and the truth names who did each event."""
    tablets = town.truth("shared_identifiers").query("identifier_type == 'anonymous_id'")
    key = ["anonymous_id", "event_timestamp"]
    events = town.web_events()
    events = events[events["anonymous_id"].isin(tablets["identifier_value"])]
    told = town.truth("shared_device_events")
    signed_in = events.dropna(subset="user_id").merge(told, on=key)
    holders = _accounts(town)["person_id"]
    visitors = holders[holders.isin(town.truth("devices")["person_id"])].nunique()

    assert sorted(events[key].itertuples(index=False)) == sorted(told[key].itertuples(index=False))
    assert signed_in.groupby("anonymous_id")["user_id"].nunique().max() > 50
    assert len(tablets) / visitors == pytest.approx(WORLD.odd.tablet_user_share, rel=0.35)
    assert (signed_in["person_id"] == ("ga4:user:" + signed_in["user_id"]).map(town.person_of())).all()


def test_crawlers_have_a_rhythm_of_their_own(town: Landed) -> None:
    """Crawlers look at a product a second without end, which nobody else does."""
    events = town.web_events()
    is_bot = events["anonymous_id"].isin(town.truth("bots")["anonymous_id"])
    counts = events.groupby([is_bot, "anonymous_id", "day"]).size()

    assert is_bot.sum() == 12 * WORLD.odd.bot_visits * WORLD.odd.bot_events_per_visit
    assert counts[True].min() >= WORLD.odd.bot_events_per_visit / 2
    assert counts[False].max() < WORLD.odd.bot_events_per_visit / 2
    assert events.loc[is_bot, "user_id"].isna().all()


def test_testers_have_accounts(town: Landed) -> None:
    """Test accounts carry addresses of testers, and only they do."""
    accounts = _accounts(town)
    is_tester = accounts["email"].str.strip().str.lower().str.match(r"(test|tset|qa|q\+a)")
    told = accounts["person_id"].map(_people(town)["is_test"])

    assert told.sum() >= WORLD.odd.test_account_share * 4000
    assert (is_tester == told).all()


def test_sources_keep_old_addresses_and_surnames(town: Landed) -> None:
    """Of people who moved or married, accounts from before and orders from after disagree; of others they never do."""
    people = _people(town)
    orders = town.table("web_shop", "orders").good.dropna(subset="account_id")
    orders = orders.assign(person_id=("web_shop:account:" + orders["account_id"]).map(town.person_of()))
    accounts = _accounts(town).drop_duplicates("person_id").set_index("person_id")
    both = orders.join(accounts[["postal_code", "last_name"]], on="person_id", rsuffix="_then").join(
        people[["moved_date", "married_date"]], on="person_id"
    )
    differs = (both["postal_code"] != both["postal_code_then"]).groupby(both["moved_date"] != "").mean()
    is_other_name = both["last_name"].str.slice(0, 1) != both["last_name_then"].str.slice(0, 1)

    assert differs[False] == 0.0
    assert differs[True] > 0.2
    assert (people["moved_date"] != "").mean() == pytest.approx(WORLD.changes.moved_share, abs=0.03)
    assert is_other_name[both["married_date"] != ""].mean() > 3 * is_other_name[both["married_date"] == ""].mean()


def test_minors_answer_and_are_no_consent(town: Landed) -> None:
    """Some people under sixteen answered; the truth calls no answer of theirs valid, and a contact tells their age."""
    minors = _people(town).query("is_minor")
    consents = town.truth("consents")
    is_minor = consents["person_id"].isin(minors.index)
    born = _contacts(town).dropna(subset="birth_date").set_index("person_id")["birth_date"]
    youngest_adult = f"{UNTIL.year - 16}-{UNTIL:%m-%d}"

    assert 0 < consents[is_minor]["person_id"].nunique() < 0.6 * len(minors)
    assert (consents["is_valid"] == ~is_minor).all()
    assert (born[born.index.isin(minors.index)] >= youngest_adult).all()
    assert (born[~born.index.isin(minors.index)] <= youngest_adult).all()


def test_several_alphabets_are_written(town: Landed) -> None:
    """Names in Greek, Cyrillic and Arabic letters land, and for the same people also in Latin letters."""
    accounts = _accounts(town)
    letters = {"GR": r"[\u0370-\u03ff]", "BG": r"[\u0400-\u04ff]", "MA": r"[\u0600-\u06ff]"}
    native = {
        code: accounts.loc[accounts["country_code"] == code, "last_name"].str.contains(pattern).mean()
        for code, pattern in letters.items()
    }

    assert all(0.5 < share < 1.0 for share in native.values()), native
    assert set(accounts["country_code"]) == {country.code for country in COUNTRIES}


def test_taste_and_affluence_show_in_orders_and_views(town: Landed) -> None:
    """People buy and look at their favourite category and, the more affluent they are, at dearer products."""
    people, views, orders = _people(town), _views(town), _orders(town)
    favourite = views["person_id"].map(people["taste"]) == views["category"]
    spent = orders.groupby("person_id")["amount"].mean()
    seen = views.groupby("person_id")["price"].mean()
    affluence = people["affluence"].astype(float)

    assert favourite.mean() == pytest.approx(WORLD.character.taste_share + 0.55 / 8, abs=0.06)
    assert spent.corr(affluence[spent.index], method="spearman") > 0.15
    assert seen.corr(affluence[seen.index], method="spearman") > 0.15


def test_prospects_can_be_told_apart_by_what_they_look_at(town: Landed) -> None:
    """Prospects never buy; those of higher value look at dearer products and come more often."""
    people = _people(town).query("is_prospect")
    views = _views(town)
    views = views[views["person_id"].isin(people.index)]
    value = people["yearly_value_eur"].astype(float)
    seen = views.groupby("person_id")["price"].agg(["mean", "sum"])

    assert len(people) > 100
    assert not town.truth("orders")["person_id"].isin(people.index).any()
    assert seen["mean"].corr(value[seen.index], method="spearman") > 0.15


def test_value_is_what_people_spend(town: Landed) -> None:
    """Customers spend in proportion to the yearly value that the truth tells, prospects aside."""
    people = _people(town).query("not is_prospect")
    days = _days_active(people)
    spent = _orders(town).groupby("person_id")["amount"].sum().reindex(people.index, fill_value=0.0)
    expected = people["yearly_value_eur"].astype(float) * days / 365.25

    assert spent.sum() / expected.sum() == pytest.approx(1.0, abs=0.2)


def _days_active(people: pd.DataFrame) -> np.ndarray:
    start, end = np.datetime64(date(2024, 7, 1)), np.datetime64(UNTIL)
    joined, left = (people[f"{name}_date"].to_numpy("datetime64[D]") for name in ("joined", "dropped_out"))
    return np.maximum((np.clip(left, start, end) - np.clip(joined, start, end)).astype(int), 0)


def test_campaigns_move_whom_the_truth_says(town: Landed) -> None:
    """Against those held out, being reached adds orders of persuadables, costs some of sleeping dogs', else nothing."""
    treatments = town.truth("treatments").merge(_people(town)[["uplift_class"]], on="person_id")
    orders = _orders(town)[["person_id", "day"]]
    pairs = treatments.reset_index().merge(orders, on="person_id")
    after = (pd.to_datetime(pairs["day"]) - pd.to_datetime(pairs["reached_date"])).dt.days
    treatments["orders"] = pairs[after.between(0, WORLD.campaigning.effect_days)].groupby("index").size()
    treatments["orders"] = treatments["orders"].fillna(0)
    mean = treatments.groupby(["uplift_class", "is_treated"])["orders"].mean().unstack()
    uplift = mean[True] - mean[False]
    told = treatments[treatments["is_treated"]].groupby("uplift_class")["extra_order_count"].mean()

    assert 1 - treatments["is_treated"].mean() == pytest.approx(WORLD.campaigning.holdout_share, abs=0.02)
    assert (treatments.loc[~treatments["is_treated"], "extra_order_count"] == 0).all()
    assert told["persuadable"] > 0.1
    assert told["sleeping_dog"] < 0
    assert told[["lost_cause", "sure_thing"]].tolist() == [0, 0]
    assert (uplift - told).abs().max() < 0.07
    assert mean.loc["sure_thing", False] > mean.loc["lost_cause", False] + 0.1


def test_caused_orders_are_those_of_the_treatments(town: Landed) -> None:
    """Each order that names its campaign is of a person it reached, and they add up to what the treatments gave."""
    caused = town.truth("orders").query("campaign_id != ''")
    treatments = town.truth("treatments")
    reached = treatments[treatments["is_treated"]].set_index(["person_id", "campaign_id"])["extra_order_count"]
    counts = caused.groupby(["person_id", "campaign_id"]).size()

    assert len(counts) > 50
    assert (reached[counts.index] == counts).all()
    assert reached[reached > 0].sum() == counts.sum()


def test_a_postcode_is_a_proxy_for_the_group(town: Landed) -> None:
    """Group b lives where its postcodes are, and behaves like a."""
    people = _people(town)
    first = _accounts(town).drop_duplicates("person_id").set_index("person_id")["postal_code"]
    stayed = people[people["moved_date"] == ""].join(first, how="inner")
    is_tied = stayed["postal_code"].isin(tied_postal_codes(WORLD.protected_group))
    share = (stayed["group"] == "b").groupby(is_tied).mean()
    rate = people[~people["is_prospect"]].groupby("group")["yearly_value_eur"].mean()

    assert share[True] == pytest.approx(WORLD.protected_group.share_in_tied_postcodes, abs=0.08)
    assert share[False] == pytest.approx(WORLD.protected_group.share_elsewhere, abs=0.04)
    assert rate["b"] / rate["a"] == pytest.approx(1.0, abs=0.08)


def test_the_group_is_seen_less(town: Landed) -> None:
    """Card holders of group b show the card less, and the tracker learns their accounts in fewer visits."""
    people, receipts = _people(town), town.table("pos", "receipt_lines").good.drop_duplicates("receipt_id")
    receipts = receipts.assign(order_id="pos:" + receipts["receipt_id"]).merge(town.truth("orders"), on="order_id")
    holders = set(receipts.loc[receipts["loyalty_number"].notna(), "person_id"])
    receipts = receipts[receipts["person_id"].isin(holders)]
    shown = receipts["loyalty_number"].notna().groupby(receipts["person_id"].map(people["group"])).mean()
    views = _views(town)
    views = views[views["person_id"].isin(_accounts(town)["person_id"])]
    known = views["user_id"].notna().groupby(views["person_id"].map(people["group"])).mean()

    assert shown["a"] == pytest.approx(WORLD.shop.stores.card_shown_share, abs=0.08)
    assert shown["b"] == pytest.approx(WORLD.protected_group.card_shown_share, abs=0.12)
    assert known["b"] < known["a"] - 0.15


def test_store_orders_were_researched_online(town: Landed) -> None:
    """Before each such order its buyer looked at a product of its first category, and as many are as documented."""
    orders = _orders(town)
    people = _people(town)
    store = orders[orders["order_id"].str.startswith("pos:")]
    on_the_web = store[store["person_id"].isin(town.truth("devices")["person_id"])]
    researched = store[store["is_researched_online"]]
    views = _views(town)[["person_id", "category", "day"]]
    on_tablets = researched["person_id"].isin(town.truth("shared_device_events")["person_id"])
    pairs = researched[~on_tablets].merge(views, on=["person_id", "category"], suffixes=("", "_seen"))
    before = (pd.to_datetime(pairs["day"]) - pd.to_datetime(pairs["day_seen"])).dt.days
    found = pairs[before.between(1, WORLD.shop.baskets.research_days)]["order_id"].unique()

    assert len(people) == 4000
    assert len(researched) / len(on_the_web) == pytest.approx(WORLD.shop.baskets.researched_share, abs=0.03)
    assert set(found) == set(researched[~on_tablets]["order_id"])
