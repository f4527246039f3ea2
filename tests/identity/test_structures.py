"""Shapes of evidence that other engines get wrong, and input that should break one: who is one person, and an end."""

import random
from datetime import date
from itertools import chain, combinations, pairwise

import pytest
from identity.told import Record, resolved, rules, shuffled_in_batches, tables, tied_by

from c360.core.errors import C360Error, ConfigurationError
from c360.identity.decisions import decide
from c360.identity.engine import resolve
from c360.identity.evidence import gather

NO_LIMITS = rules("identifiers: {email: , phone: }")
SHOP = rules(
    """
    identifiers:
      loyalty_number: {max_per_person: 2}
      email: {max_per_person: 6}
      phone: {max_per_person: 6}
      device_id: {joins: anonymous}
    attributes: {first_name: first_name, last_name: last_name, birth_date: birth_date}
    """
)
DAY = date(2026, 7, 1)


def chained(count: int) -> list[Record]:
    """Records of which each shares one identifier with the next: by turns an e-mail address and a phone number."""
    held: list[dict[str, str]] = [{"record_id": f"crm:{place:05}"} for place in range(count + 1)]
    for link in range(count):
        for record in held[link : link + 2]:
            record["phone" if link % 2 else "email"] = f"value {link}"
    return held


def test_a_chain_of_fifty_identifiers_is_one_person() -> None:
    """Closure has no depth limit."""
    assert len(resolved(chained(50), NO_LIMITS).people) == 1


def test_a_chain_of_thousands_is_one_person_too() -> None:
    """Not fifty hops, and no recursion that ends in an error."""
    assert len(resolved(chained(20_000), NO_LIMITS).people) == 1


def test_a_chain_without_one_link_is_two_people() -> None:
    """Nobody is merged without a path of evidence."""
    links = chained(50)
    cut: list[Record] = [{**record, "email": None} if place == 25 else record for place, record in enumerate(links)]

    assert sorted(map(len, resolved(cut, NO_LIMITS).people)) == [25, 26]


def on_a_tablet(count: int) -> list[Record]:
    """Customers who sign in on one tablet of a store, and the tablet itself."""
    people: list[Record] = [
        {"record_id": f"web_shop:{place:03}", "email": f"{place}@example.org", "device_id": "tablet"}
        for place in range(count)
    ]
    return [*people, {"record_id": "ga4:device:tablet", "device_id": "tablet"}]


def test_a_tablet_with_two_hundred_customers_is_two_hundred_people() -> None:
    """No two of them are merged, and what happened on it without a sign-in is nobody's: least of all the last one's."""
    found = resolved(on_a_tablet(200), SHOP)

    assert found.people == {frozenset({record["record_id"]}) for record in on_a_tablet(200)}


def test_a_device_of_one_customer_is_theirs() -> None:
    """What one person did before signing in is theirs, however many records they have."""
    owner: list[Record] = [
        {"record_id": "web_shop:1", "email": "a@example.org", "device_id": "telephone"},
        {"record_id": "crm:1", "email": "a@example.org"},
        {"record_id": "ga4:device:telephone", "device_id": "telephone"},
    ]

    assert len(resolved(owner, SHOP).people) == 1


def test_a_device_ties_no_two_known_people() -> None:
    """A couple's computer leaves them two people, and itself a visitor of its own."""
    found = resolved(on_a_tablet(2), SHOP)

    assert len(found.people) == 3
    assert found.resolution.bridges.num_rows or len(found.resolution.refusals)


def test_a_family_card_is_one_person_for_each_name() -> None:
    """Whoever shows a card belongs to the records of their own name; who gave none fits several and stays alone."""
    family: list[Record] = [
        {"record_id": "crm:1", "loyalty_number": "77", "first_name": "anna", "last_name": "roy"},
        {"record_id": "crm:2", "loyalty_number": "77", "first_name": "bruno", "last_name": "roy"},
        {"record_id": "web_shop:1", "loyalty_number": "77", "first_name": "anna", "last_name": "roy"},
        {"record_id": "web_shop:2", "loyalty_number": "77", "first_name": "bruno", "last_name": "roy"},
        {"record_id": "pos:77", "loyalty_number": "77"},
    ]
    found = resolved(family, SHOP)

    assert found.people == {
        frozenset({"crm:1", "web_shop:1"}),
        frozenset({"crm:2", "web_shop:2"}),
        frozenset({"pos:77"}),
    }
    assert len(found.resolution.refusals)
    assert found.resolution.bridges.num_rows == 1


def test_an_identifier_of_ten_thousand_records_ties_nobody_and_is_told() -> None:
    """The phone number of the shop in everybody's record: nobody is merged by it, and analysts find it."""
    names = ["anna", "bruno", "carla", "david", None]
    crowd: list[Record] = [
        {"record_id": f"crm:{place:05}", "phone": "+33100000000", "first_name": names[place % 5]}
        for place in range(10_000)
    ]
    found = resolved(crowd, SHOP)

    assert len(found.people) == 10_000
    assert found.resolution.bridges.num_rows == 1
    (bridge,) = found.resolution.bridges.to_pylist()
    assert (bridge["identifier_type"], bridge["record_count"]) == ("phone", 10_000)


def test_a_crowd_around_a_value_keeps_what_else_ties_it() -> None:
    """A shared phone number is no evidence, and takes nothing from the e-mail addresses beside it."""
    crowd: list[Record] = [
        {"record_id": f"crm:{place:05}", "phone": "+33100000000", "email": f"{place // 2}@example.org"}
        for place in range(4_000)
    ]

    assert len(resolved(crowd, SHOP).people) == 2_000


def test_a_record_without_an_identifier_is_a_person() -> None:
    """Nothing to tie it by is no reason to lose it, nor to put it with others who told nothing."""
    silent: list[Record] = [{"record_id": f"crm:{place}", "email": "" if place > 1 else None} for place in range(4)]

    assert len(resolved(silent, SHOP).people) == 4


def test_no_record_at_all_is_nobody() -> None:
    """An empty platform is no error."""
    assert resolved([], SHOP).people == set()


def test_a_blocked_value_ties_nobody_and_is_kept_for_the_audit() -> None:
    """`0000` and `null` are what forms send when a customer types nothing."""
    empty: list[Record] = [{"record_id": f"crm:{place}", "phone": "0000", "email": "NULL"} for place in range(3)]
    found = resolved(empty, SHOP)

    assert len(found.people) == 3
    assert len(found.evidence.blocked) == 6


def test_an_identifier_of_an_unknown_type_stops() -> None:
    """Evidence that no rule speaks about is a fault in the rules, and the message says which type and where to go."""
    told, held = tables([{"record_id": "crm:1", "phone": "+33611111111"}], NO_LIMITS)

    with pytest.raises(ConfigurationError, match=r"phone.*identifiers:") as refused:
        gather(told, held, rules("identifiers: {email: }"))

    assert "+336" not in str(refused.value)


def test_a_record_told_twice_stops() -> None:
    """Two rows that claim to be one record would make its identity depend on their order."""
    told, held = tables([{"record_id": "crm:1"}, {"record_id": "crm:1"}], NO_LIMITS)

    with pytest.raises(C360Error, match="have the id of another"):
        gather(told, held, NO_LIMITS)


def test_a_split_holds_against_all_evidence() -> None:
    """Who was told apart by a person stays apart, whatever they share, and the refusal says why."""
    twins: list[Record] = [
        {"record_id": f"crm:{place}", "email": "a@example.org", "phone": "+33611111111", "loyalty_number": "77"}
        for place in range(4)
    ]
    split = decide("split", ["crm:0", "crm:1"], ["crm:2", "crm:3"], "two people wrote to us", DAY)
    found = resolved(twins, SHOP, [split])

    assert len(resolved(twins, SHOP).people) == 1
    assert not any(found.are_one(left, right) for left in split.left for right in split.right)
    assert "split" in found.reasons


def test_a_split_holds_against_a_chain_of_evidence() -> None:
    """Ends that were told apart are not joined by way of what lies between them."""
    between = chained(10)
    found = resolved(between, NO_LIMITS, [decide("split", ["crm:00000"], ["crm:00010"], "strangers", DAY)])

    assert len(found.people) == 2
    assert not found.are_one("crm:00000", "crm:00010")


def test_a_link_ties_records_that_share_nothing() -> None:
    """A person may know what no identifier says."""
    apart: list[Record] = [{"record_id": "crm:1", "first_name": "anna"}, {"record_id": "pos:1", "first_name": "nan"}]
    found = resolved(apart, SHOP, [decide("link", ["crm:1"], ["pos:1"], "she showed both cards", DAY)])

    assert found.are_one("crm:1", "pos:1")
    assert list(found.resolution.links.rule) == ["link"]


def test_contradictory_decisions_come_to_an_end() -> None:
    """Links around a circle and splits across it: the run ends, every split holds, nobody is lost."""
    names = [f"crm:{place}" for place in range(8)]
    circle = [decide("link", [one], [other], "the same", DAY) for one, other in pairwise([*names, names[0]])]
    across = [decide("split", [names[place]], [names[place + 4]], "not the same", DAY) for place in range(4)]
    for decisions in ([*circle, *across], [*across, *circle], [*reversed(circle), *across]):
        found = resolved([{"record_id": name} for name in names], SHOP, decisions)

        assert set(chain.from_iterable(found.people)) == set(names)
        assert not any(found.are_one(split.left[0], split.right[0]) for split in across)
        assert found.reasons == {"split"}


def test_everybody_told_apart_from_everybody_comes_to_an_end() -> None:
    """Forty records that share all they have, each split from each."""
    crowd: list[Record] = [{"record_id": f"crm:{place:02}", "email": "a@example.org"} for place in range(40)]
    names = [str(record["record_id"]) for record in crowd]
    splits = [decide("split", [one], [other], "strangers", DAY) for one, other in combinations(names, 2)]

    assert len(resolved(crowd, SHOP, splits).people) == 40


def test_a_decision_about_records_that_left_changes_nobody() -> None:
    """Erased records are still named by old decisions; that is no reason to stop."""
    here: list[Record] = [{"record_id": "crm:1", "email": "a@example.org"}, {"record_id": "crm:2"}]
    gone = [decide("link", ["crm:1"], ["crm:9"], "the same", DAY), decide("split", ["crm:8"], ["crm:9"], "no", DAY)]

    assert resolved(here, SHOP, gone).people == {frozenset({"crm:1"}), frozenset({"crm:2"})}


def crowded(chance: random.Random, count: int) -> list[Record]:
    """Records that share cards, addresses, numbers and devices at random, under names that fit and names that do not.

    There are about half as many values as records, so that people, families, bridges and strangers all occur.
    """
    names = ["anna", "anna", "bruno", "carla", None]
    dates = ["1980-02-03", "1980-02-03", "1991-11-30", None]
    return [
        {
            "record_id": f"{chance.choice(['crm', 'pos', 'web_shop'])}:{place:03}",
            "first_name": chance.choice(names),
            "birth_date": chance.choice(dates),
            "loyalty_number": chance.choice([None, str(chance.randrange(count // 2))]),
            "email": chance.choice([None, f"{chance.randrange(count // 2)}@example.org"]),
            "phone": chance.choice([None, f"+336{chance.randrange(count // 3)}"]),
            "device_id": chance.choice([None, None, f"device {chance.randrange(count // 3)}"]),
        }
        for place in range(count)
    ]


def test_a_hundred_orders_and_batches_say_the_same() -> None:
    """People, their ids, links, refusals and bridges follow from the set of records, not from how they arrived."""
    chance = random.Random(7)  # noqa: S311 - a shuffle, not a secret
    crowd = crowded(chance, 150)
    expected = resolved(crowd, SHOP)
    assert 10 < len(expected.people) < 140
    assert len(expected.resolution.refusals)

    for _ in range(100):
        evidence = gather(*shuffled_in_batches(crowd, SHOP, chance), SHOP)
        assert type(expected)(evidence, resolve(evidence, SHOP)).said() == expected.said()


def test_any_two_records_of_a_person_have_a_path_of_accepted_evidence() -> None:
    """The accepted links alone give the people: nobody is together without a reason that can be shown."""
    found = resolved(crowded(random.Random(11), 300), SHOP)  # noqa: S311
    links = found.resolution.links

    assert len(links) > 50
    tied = tied_by(list(zip(links.left, links.right, strict=True)), found.evidence.record_count)
    assert (tied == found.resolution.labels).all()
