"""What happens besides buying and browsing keeps to people's lives and consents, and holds what was planted."""

import base64
import math
from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from statistics import mean
from typing import Any

import pandas as pd
import pytest
from sample.landed import UNTIL, Landed
from sample.source_files import SourceTable, source_table

from c360.core.settings import Settings
from c360.sample.countries import COUNTRIES
from c360.sample.landing import ga4
from c360.sample.truth import Request
from c360.sample.world import World
from c360.steps.sample import sample

CITY = 6000
"""People enough for shares to be told apart."""


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Landed:
    """A world large enough to measure shares in."""
    data_dir = tmp_path_factory.mktemp("city")
    return Landed(data_dir, sample(Settings(data_dir=data_dir), Request(CITY, 7, UNTIL, years=2)))


def _table(city: Landed, source: str, name: str) -> SourceTable:
    return source_table(city.data_dir, source, name)


def _people(city: Landed, prefix: str) -> dict[str, dict[str, Any]]:
    """The person of each record under its native id."""
    people = {person["person_id"]: person for person in city.truth("people").to_dict("records")}
    records = city.truth("records")
    mine = records[records["record_id"].str.startswith(prefix)]
    return {
        record.removeprefix(prefix): people[person]
        for record, person in zip(mine["record_id"], mine["person_id"], strict=True)
    }


def test_nobody_is_written_to_without_their_consent(city: Landed) -> None:
    """A message goes out only while the newest answer about e-mail marketing is a yes."""
    answers = defaultdict(list)
    subjects = _people(city, "consents:subject:")
    for subject, purpose, granted, at in _table(city, "consents", "decisions").records(
        "subject_id", "purpose", "is_granted", "decided_at"
    ):
        if purpose == "email_marketing":
            answers[subjects[subject]["person_id"]].append((at, granted))
    homes = defaultdict(set)
    for shared in city.truth("shared_identifiers").query("identifier_type == 'email'").to_dict("records"):
        homes[shared["person_id"]] = set(
            city.truth("shared_identifiers").query("identifier_value == @shared['identifier_value']")["person_id"]
        )
    contacts = _people(city, "hubspot:contact:")
    events = _table(city, "email", "events").records("contact_key", "event_type", "occurred_at")
    sent = [(contacts[key]["person_id"], at) for key, kind, at in events if kind == "sent"]

    assert len(sent) > 1000
    for person, at in sent:
        when = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        users = homes[person] | {person}
        newest = [max((answer for answer in answers[user] if answer[0] <= when), default=("", False)) for user in users]
        assert any(granted for _, granted in newest)


def test_messages_take_one_course(city: Landed) -> None:
    """A message is sent once and then delivered or bounced; whatever follows comes after its delivery."""
    courses = defaultdict(dict)
    for message, kind, at in _table(city, "email", "events").records("message_id", "event_type", "occurred_at"):
        courses[message][kind] = min(at, courses[message].get(kind, at))
    kinds = Counter(kind for course in courses.values() for kind in course)

    assert set(kinds) == {"sent", "delivered", "open", "click", "bounce", "unsubscribe", "complaint"} - {
        kind for kind in ("unsubscribe", "complaint") if kind not in kinds
    }
    for course in courses.values():
        assert "sent" in course
        assert ("bounce" in course) <= ("delivered" not in course)
        assert all(at > course["delivered"] for kind, at in course.items() if kind in ("open", "click"))


def test_nobody_is_written_to_after_leaving(city: Landed) -> None:
    """No message goes out after an unsubscription or a hard bounce, and HubSpot says that the person left."""
    events = _table(city, "email", "events").records("contact_key", "event_type", "bounce_type", "occurred_at")
    left = {key: at for key, kind, bounce, at in events if kind == "unsubscribe" or bounce == "hard"}
    contacts = _table(city, "hubspot", "contacts").records("record_id", "last_modified_at", "unsubscribed")
    newest = {record: unsubscribed for record, _, unsubscribed in sorted(contacts, key=lambda row: row[1])}

    assert len(left) > 5
    assert all(at <= left[key] for key, kind, _, at in events if kind == "sent" and key in left)
    assert {newest[key] for key in left} == {"true"}


def test_machines_open_at_once(city: Landed) -> None:
    """Opens of machines are marked and follow the delivery within minutes; people take hours."""
    events = _table(city, "email", "events").records("message_id", "event_type", "is_machine_open", "occurred_at")
    delivered = {message: at for message, kind, _, at in events if kind == "delivered"}
    waits = {
        is_machine: sorted(
            at - delivered[message] for message, kind, machine, at in events if (kind, machine) == ("open", is_machine)
        )
        for is_machine in (True, False)
    }

    assert min(len(wait) for wait in waits.values()) > 100
    assert waits[True][-1] < 600 < waits[False][len(waits[False]) // 2]


def test_offices_know_different_people(city: Landed) -> None:
    """The service's list and the marketing list overlap, and each holds many that the other lacks."""
    service, marketing = (
        {person["person_id"] for person in _people(city, prefix).values()}
        for prefix in ("salesforce:contact:", "hubspot:contact:")
    )

    assert min(len(service & marketing), len(service - marketing), len(marketing - service)) > 300


def test_hubspot_knows_an_address_once(city: Landed) -> None:
    """A couple that shares an address is one contact."""
    owners = defaultdict(set)
    for record, email in _table(city, "hubspot", "contacts").records("record_id", "email"):
        owners[email.strip().lower()].add(record)
    shared = city.truth("shared_identifiers").query("identifier_type == 'email'")["identifier_value"]

    assert len(shared) > 20
    assert len(owners.keys() & set(shared)) > 5
    assert {len(records) for email, records in owners.items() if email != "inconnu@"} == {1}


def test_hubspot_keeps_addresses_in_lower_case(city: Landed) -> None:
    """HubSpot folds what was typed, so that no capital and no space around an address comes out of it."""
    written = _table(city, "hubspot", "contacts").values("email")

    assert len(written) > 300
    assert [email for email in written if email != email.strip().lower()] == []


def test_clicks_are_visits_that_the_tracker_saw(city: Landed) -> None:
    """A click's device and second are those of an event; Google's id stands there too unless ads were refused."""
    events = _table(city, "ga4", "events")
    seen = {(device, str(at)[:10]) for device, at in events.records("user_pseudo_id", "event_timestamp")}
    gclids = {click for click in events.values("gclid") if click}
    clicks = _table(city, "ads", "clicks").records("click_id", "click_id_kind", "user_pseudo_id", "clicked_at")
    ids = {
        kind: {click for click, its_kind, _, _ in clicks if its_kind == kind} for kind in ("gclid", "fbclid", "ttclid")
    }

    assert len(gclids) > 100
    assert gclids < ids["gclid"]
    assert min(len(of_kind) for of_kind in ids.values()) > 100
    assert {(device, str(int(datetime.fromisoformat(at).timestamp()))) for _, _, device, at in clicks} <= seen
    refused = {row["collected_traffic_source"]["gclid"] for row in events.rows if _refused(row)}
    assert refused == {None}


def _refused(event: dict[str, Any]) -> bool:
    return bool(event["privacy_info"]["ads_storage"] == "No" and event["collected_traffic_source"])


def test_costs_cover_the_clicks(city: Landed) -> None:
    """Every campaign that brought a click has costs; the platforms count somewhat more clicks than the pages saw."""
    costs = _table(city, "ads", "costs").records("campaign_id", "clicks", "impressions", "cost")
    clicks = _table(city, "ads", "clicks")
    counted = sum(int(count) for _, count, _, _ in costs)

    assert set(clicks.values("campaign_id")) <= {campaign for campaign, *_ in costs}
    assert len(clicks.rows) < counted < 2 * len(clicks.rows)
    assert all(int(shown) >= int(count) and (Decimal(cost) > 0) == (int(count) > 0) for _, count, shown, cost in costs)


def test_complaints_foretell_the_end(city: Landed) -> None:
    """Planted: in the fade, a contact with the service is a complaint much more often than before."""
    people = _people(city, "call_centre:contact:")
    by_phase = defaultdict(list)
    for contact, topic, at in _table(city, "call_centre", "contacts").records("contact_id", "topic", "started_at"):
        by_phase[at[:10] >= people[contact]["fade_started_date"]].append(topic == "complaint")

    assert len(by_phase[True]) > 50
    assert mean(by_phase[True]) > 2 * mean(by_phase[False])


def test_satisfaction_follows_the_hazard_class(city: Landed) -> None:
    """Planted: the loyal answer highest; a contact that was left unresolved costs points."""
    people = _people(city, "surveys:response:")
    calls = _table(city, "call_centre", "contacts").records("order_id", "is_resolved")
    unresolved = {order for order, is_resolved in calls if is_resolved == "false"}
    scores, after = defaultdict(list), defaultdict(list)
    for response, nps, order in _table(city, "surveys", "responses").records("response_id", "nps", "order_id"):
        scores[people[response]["churn_hazard_class"]].append(nps)
        after[order in unresolved].append(nps)

    assert min(map(len, scores.values())) > 100
    assert len(after[True]) > 10
    assert mean(scores["loyal"]) > mean(scores["steady"]) > mean(scores["fleeting"])
    assert mean(after[True]) < mean(after[False]) - 1


def test_declared_favourites_are_mostly_true(city: Landed) -> None:
    """Zero-party data names the category that people really like best, three times out of four."""
    people = _people(city, "surveys:response:")
    declared = [
        said["favourite_category"] == people[response]["taste"]
        for response, said in _table(city, "surveys", "responses").records("response_id", "preferences")
        if said
    ]

    assert len(declared) > 300
    assert 0.7 < mean(declared) < 0.85


def test_points_follow_the_purchases_of_the_card(city: Landed) -> None:
    """A member's balance never lies above what their family spent, and the tiers are ordered by it."""
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for card, amount, currency in _table(city, "pos", "receipt_lines").records(
        "loyalty_number", "line_amount", "currency_code"
    ):
        if card and Decimal(amount) > 0 and currency == "EUR":
            spent[card] += Decimal(amount)
    members = _table(city, "loyalty", "members").records("loyalty_number", "tier", "points_balance")
    points = defaultdict(list)
    for _, tier, balance in members:
        points[tier].append(int(balance))

    assert set(points) == {"bronze", "silver", "gold"}
    assert mean(points["gold"]) > mean(points["silver"]) > mean(points["bronze"])
    assert len({card for card, *_ in members} & set(spent)) > 500


def test_outlet_totals_add_up(city: Landed) -> None:
    """An order's total is its lines less their discounts; a refund gives back what was paid for lines of its order."""
    orders = _table(city, "shopify", "orders")
    refunded = 0
    for items, refunds, total, discounts in orders.records("line_items", "refunds", "total_price", "total_discounts"):
        shares = {
            item["id"]: sum((Decimal(each["amount"]) for each in item["discount_allocations"]), Decimal())
            for item in items
        }
        paid = {item["id"]: item["quantity"] * Decimal(item["price"]) - shares[item["id"]] for item in items}
        assert sum(paid.values()) == Decimal(total)
        assert sum(shares.values()) == Decimal(discounts)
        for line in (line for refund in refunds for line in refund["refund_line_items"]):
            assert Decimal(str(line["subtotal"])) == paid[line["line_item_id"]]
            refunded += 1

    assert refunded > 20


def test_a_refund_is_a_new_version_of_its_order(city: Landed) -> None:
    """An order with a refund was there before without one, and was updated later."""
    versions = defaultdict(list)
    for order, updated, refunds in _table(city, "shopify", "orders").records("id", "updated_at", "refunds"):
        versions[order].append((datetime.fromisoformat(updated), len(refunds)))
    changed = [sorted(states) for states in versions.values() if len(states) > 1]

    assert len(changed) > 20
    assert {tuple(refunds for _, refunds in states) for states in changed} == {(0, 1)}


def test_the_newest_price_of_the_feed_is_the_shops(city: Landed) -> None:
    """The feed changes prices over time and ends with those that the web shop sells at."""
    versions = defaultdict(list)
    for product, price, at in _table(city, "products", "products").records("id", "price", "updated_at"):
        versions[product].append((at, price))
    sold = _table(city, "web_shop", "order_lines").records("sku", "unit_price_amount")
    prices = defaultdict(Counter)
    for sku, price in sold:
        prices[sku][price] += 1

    assert sum(len({price for _, price in states}) > 1 for states in versions.values()) > 50
    for sku, counts in prices.items():
        assert max(versions[sku])[1] == counts.most_common(1)[0][0]


def test_stores_are_visited_in_the_hour_that_comes_twice(city: Landed) -> None:
    """Some visits of the night on which the clocks go back stand in its doubled hour, as stores' clocks show it."""
    entered = _table(city, "store_visits", "visits").values("entered_at")

    assert sum("2025-10-26 02:00:00" <= at < "2025-10-26 03:00:00" for at in entered) >= 1
    assert not any("2025-03-30 02" in at or "2026-03-29 02" in at for at in entered)


def test_most_bought_segments_are_right(city: Landed) -> None:
    """Of the people whom the provider knows, most are what it says, and some are not."""
    devices, people = city.truth("app_devices"), city.truth("people").set_index("person_id")["taste"]
    tastes = dict(zip(devices["advertising_id"], people.loc[devices["person_id"]], strict=True))
    told_by = {"sport": "sports_fan", "maison": "home_improver", "beaute": "beauty_shopper"}
    right = [
        segment == told_by[tastes[device]]
        for device, segment in _table(city, "dmp", "segments").records("device_id", "segment_name")
        if tastes.get(device) in told_by
    ]

    assert len(right) > 50
    assert 0.6 < mean(right) < 0.95


def test_consent_strings_say_what_was_answered(city: Landed) -> None:
    """A TCF string holds the day, ten purposes granted or none, and Google's number where it was granted."""
    decisions = _table(city, "consents", "decisions").records("tcf_string", "gpp_string", "is_granted", "decided_at")
    strings = [row for row in decisions if row[0]]

    assert {granted for _, _, granted, _ in strings} == {True, False}
    assert any(gpp for _, gpp, _, _ in strings)
    for tcf, gpp, granted, at in strings:
        bits = "".join(f"{octet:08b}" for octet in base64.urlsafe_b64decode(tcf + "=" * (-len(tcf) % 4)))
        assert int(bits[:6], 2) == 2
        assert (
            datetime.fromtimestamp(int(bits[6:42], 2) / 10, UTC).strftime("%Y-%m-%dT00:00:00Z")
            == at[:10] + "T00:00:00Z"
        )
        assert bits[152:162] == ("1" if granted else "0") * 10
        assert int(bits[213:229], 2) == (755 if granted else 0)
        assert gpp in (None, "DBABMA~" + tcf)


def test_every_country_has_the_name_that_google_gives_it() -> None:
    """The tracker can say where everybody is."""
    assert {country.code for country in COUNTRIES} == set(ga4.COUNTRIES)


def test_platform_shares_add_up() -> None:
    """Shares that divide one whole add up to 1."""
    touchpoints = World().touchpoints

    assert sum(share for *_, share in touchpoints.advertising.platform_weights) == pytest.approx(1.0)
    assert sum(share for _, share in touchpoints.places.app_sessions.call_weights) == pytest.approx(1.0)
    assert sum(touchpoints.tracker.category_weights) == pytest.approx(1.0)
    assert sum(touchpoints.tracker.first_source_weights) == pytest.approx(1.0)


def test_more_happens_at_the_end_of_the_year(city: Landed) -> None:
    """Planted: walk-ins swing with the season; the half year around its peak in December has the larger part."""
    rhythm = World().rhythm
    receipts = pd.DataFrame(
        _table(city, "pos", "receipt_lines").records("receipt_id", "sold_at"), columns=["receipt_id", "sold_at"]
    ).drop_duplicates("receipt_id")
    walk_ins = receipts[~("pos:" + receipts["receipt_id"]).isin(city.truth("orders")["order_id"])]
    days_from_peak = (pd.to_datetime(walk_ins["sold_at"]).dt.dayofyear - rhythm.peak_day_of_year) % 365.25
    is_near = (days_from_peak < 365.25 / 4) | (days_from_peak > 365.25 * 3 / 4)

    assert len(walk_ins) > 2000
    assert is_near.mean() == pytest.approx(0.5 + rhythm.season_amplitude / math.pi, abs=0.03)


def test_a_device_is_named_in_31_bits(city: Landed) -> None:
    """Google's client id is a number of 31 bits and, to the day, when the device was first seen."""
    events = _table(city, "ga4", "events").records("user_pseudo_id", "event_timestamp")
    parts = [(int(name.split(".")[0]), int(name.split(".")[1]), int(at) / 1e6) for name, at in events]

    assert len(parts) > 10_000
    assert max(number for number, _, _ in parts) < 2**31
    assert [seen for _, seen, at in parts if seen > at + 86_400] == []
