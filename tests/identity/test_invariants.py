"""What must hold of every resolution, whatever the evidence: tried on thousands of small worlds."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from identity.told import Record, Resolved, resolved, rules, shuffled_in_batches, tables, tied_by

from c360.identity.decisions import Decision, decide
from c360.identity.engine import resolve
from c360.identity.evidence import Evidence, gather
from c360.identity.history.registry import Registry, name_customers
from c360.identity.incremental import Scored
from c360.identity.tables import pairs_table

RULES = rules(
    """
    identifiers:
      loyalty_number: {max_per_person: 1}
      email: {max_per_person: 2}
      phone: {max_per_person: 2, max_people: 2, max_records: 6}
      device_id: {joins: anonymous}
    attributes: {first_name: first_name, birth_date: birth_date}
    """
)
NO_LIMITS = rules("identifiers: {loyalty_number: , email: , phone: }")
MATCHED = rules(
    """
    identifiers: {email: {max_per_person: 6}}
    attributes: {first_name: first_name, last_name: last_name, birth_date: birth_date, city: city}
    matching: {is_on: true, link_probability: 0.9}
    """
)
FAMILIES = ("rossi", "martin", "schmidt", "novak", "jansen", "garcia", "silva", "dubois", "kowalski", "moreau")
TRUSTED = ("loyalty_number", "email", "phone")
DAY = date(2026, 7, 1)
STRANGE_NAMES = ("anna", "bruno", "carla")
STRANGE_DATES = ("1980-02-03", "1991-11-30")


def _worlds(kinds: dict[str, int], most: int = 14) -> some.SearchStrategy[list[Record]]:
    """Lists of records that hold values of these types, of so many different ones each."""
    held = {kind: some.none() | some.integers(1, count).map(f"{kind} {{}}".format) for kind, count in kinds.items()}
    told = {
        "first_name": some.none() | some.sampled_from(STRANGE_NAMES),
        "birth_date": some.none() | some.sampled_from(STRANGE_DATES),
    }
    return some.lists(some.fixed_dictionaries({**told, **held}), max_size=most).map(_with_ids)


def _with_ids(told: list[dict[str, Any]]) -> list[Record]:
    return [{"record_id": f"crm:{place:02}", **record} for place, record in enumerate(told)]


WORLDS = _worlds({"loyalty_number": 4, "email": 5, "phone": 4, "device_id": 3})


@some.composite
def decided_worlds(draw: Callable[..., Any]) -> tuple[list[Record], list[Decision]]:
    """Worlds of at least two records with decisions about them, which may contradict each other."""
    world = draw(WORLDS.filter(lambda records: len(records) > 1))
    names = [str(record["record_id"]) for record in world]
    acts = some.tuples(some.sampled_from(["split", "link"]), some.permutations(names), some.integers(1, 2))
    decisions = [
        decide(kind, order[:1], order[1 : 1 + count], "told so", DAY)
        for kind, order, count in draw(some.lists(acts, max_size=6))
    ]
    return world, decisions


def _by_person(found: Resolved, world: list[Record]) -> list[list[Record]]:
    told = {record["record_id"]: record for record in world}
    return [[told[record] for record in sorted(person)] for person in found.people]


def _values(person: list[Record], column: str) -> set[str]:
    return {str(record[column]) for record in person if record.get(column)}


@given(decided_worlds())
@settings(max_examples=100, deadline=None)
def test_every_record_is_of_one_person(told: tuple[list[Record], list[Decision]]) -> None:
    """None is lost, none is in two places, and a person is called by their smallest record."""
    world, decisions = told
    found = resolved(world, RULES, decisions)
    labels = found.resolution.labels

    assert list(found.first_records) == [record["record_id"] for record in world]
    assert (labels[labels] == labels).all()
    assert (labels <= range(len(world))).all()


@given(decided_worlds())
@settings(max_examples=100, deadline=None)
def test_every_pair_of_a_person_has_a_path(told: tuple[list[Record], list[Decision]]) -> None:
    """The accepted links give the people, no more and no fewer; every link is evidence that its records hold."""
    world, decisions = told
    found = resolved(world, RULES, decisions)
    links = found.resolution.links

    assert (tied_by(list(zip(links.left, links.right, strict=True)), len(world)) == found.resolution.labels).all()
    assert (links.left < links.right).all()
    for left, right, rule in zip(links.left, links.right, links.rule, strict=True):
        assert rule == "link" or world[left][rule] == world[right][rule] is not None


@given(WORLDS, some.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_of_arrival_changes_nothing(world: list[Record], chance: random.Random) -> None:
    """People, links, refusals and bridges follow from the set of records."""
    evidence = gather(*shuffled_in_batches(world, RULES, chance), RULES)

    assert Resolved(evidence, resolve(evidence, RULES)).said() == resolved(world, RULES).said()


@given(WORLDS)
@settings(max_examples=150, deadline=None)
def test_strangers_by_name_or_birth_date_are_never_one_person(world: list[Record]) -> None:
    """No path of shared values makes Anna and Bruno one person, nor two people born eleven years apart."""
    for person in _by_person(resolved(world, RULES), world):
        assert len(_values(person, "first_name")) <= 1
        assert len(_values(person, "birth_date")) <= 1


@given(WORLDS)
@settings(max_examples=150, deadline=None)
def test_nobody_holds_more_values_than_a_person_may(world: list[Record]) -> None:
    """Limits hold for what all records of a person hold together, not only for each of them."""
    for person in _by_person(resolved(world, RULES), world):
        for kind, rule in RULES.identifiers.items():
            assert rule.max_per_person is None or len(_values(person, kind)) <= rule.max_per_person


@given(decided_worlds())
@settings(max_examples=150, deadline=None)
def test_no_evidence_and_no_link_undoes_a_split(told: tuple[list[Record], list[Decision]]) -> None:
    """Who was told apart is apart, by whatever way they could meet again."""
    world, decisions = told
    found = resolved(world, RULES, decisions)

    for split in decisions:
        if split.kind == "split":
            assert not any(found.are_one(left, right) for left in split.left for right in split.right)


@given(WORLDS)
@settings(max_examples=100, deadline=None)
def test_a_device_never_ties_two_known_people(world: list[Record]) -> None:
    """Without the devices the same known records are the same people."""
    known = [record for record in world if _values([record], "loyalty_number") | _values([record], "email")]
    known = [record for record in world if record in known or record.get("phone")]
    without = [{**record, "device_id": None} for record in world]
    names = [str(record["record_id"]) for record in known]
    found, expected = resolved(world, RULES), resolved(without, RULES)

    for left, right in combinations(names, 2):
        assert found.are_one(left, right) == expected.are_one(left, right)


@given(WORLDS, WORLDS)
@settings(max_examples=100, deadline=None)
def test_strangers_change_nobody(world: list[Record], others: list[Record]) -> None:
    """Records that share no value with mine leave my people as they are: what a daily run may rely on."""
    strangers = [_elsewhere(record) for record in others]
    together = resolved([*world, *strangers], RULES)

    assert together.people == resolved(world, RULES).people | resolved(strangers, RULES).people


def _elsewhere(record: Record) -> Record:
    return {
        name: f"other {value}" if value and name not in RULES.attributes else value for name, value in record.items()
    }


@given(_worlds({"loyalty_number": 8, "email": 8, "phone": 8}, most=20))
@settings(max_examples=150, deadline=None)
def test_without_limits_people_are_what_shared_values_tie(world: list[Record]) -> None:
    """Closure goes on to the fixed point, as found by another library."""
    shared = [
        (left, right)
        for left, right in combinations(range(len(world)), 2)
        if any(world[left][kind] == world[right][kind] is not None for kind in TRUSTED)
    ]

    assert (resolved(world, NO_LIMITS).resolution.labels == tied_by(shared, len(world))).all()


@given(WORLDS)
@settings(max_examples=100, deadline=None)
def test_what_was_not_followed_is_told(world: list[Record]) -> None:
    """Two records that share a trusted value are one person, or the audit says something about one of them."""
    found = resolved(world, RULES)
    refusals = found.resolution.refusals
    told = {*refusals.left, *refusals.right}
    bridges = {(row["identifier_type"], row["identifier_value"]) for row in found.resolution.bridges.to_pylist()}

    for left, right in combinations(range(len(world)), 2):
        for kind in TRUSTED:
            if world[left][kind] == world[right][kind] is not None:
                is_one = found.resolution.labels[left] == found.resolution.labels[right]
                assert is_one or {left, right} & told or (kind, world[left][kind]) in bridges


def misspelt(chance: random.Random, people: int) -> list[Record]:
    """People with two or three records, some without an e-mail address, some with two letters of a name swapped."""
    world: list[Record] = []
    for person in range(people):
        name = chance.choice(FAMILIES)
        said = {
            "first_name": chance.choice(STRANGE_NAMES),
            "birth_date": f"19{chance.randrange(50, 99)}-0{chance.randrange(1, 10)}-{chance.randrange(10, 29)}",
            "city": chance.choice(["lyon", "paris", "lille"]),
        }
        for copy in range(chance.randrange(2, 4)):
            spelt = name if chance.random() < 0.7 else name[:2] + name[3] + name[2] + name[4:]
            email = f"{person}@example.org" if chance.random() < 0.5 else None
            world.append({"record_id": f"crm:{person:03}:{copy}", **said, "last_name": spelt, "email": email})
    return world


@pytest.fixture(scope="module")
def matched() -> tuple[list[Record], Resolved]:
    """A world in which records are matched by what they say, resolved in one run."""
    world = misspelt(random.Random(7), 120)  # noqa: S311 - a small world, not a secret
    return world, resolved(world, MATCHED)


def test_matched_records_have_a_path_and_no_order(matched: tuple[list[Record], Resolved]) -> None:
    """Matching is held to the same: the links give the people, and the order of arrival changes nothing."""
    world, found = matched
    links = found.resolution.links
    shuffled = gather(*shuffled_in_batches(world, MATCHED, random.Random(3)), MATCHED)  # noqa: S311

    assert "matching" in links.rule
    assert (tied_by(list(zip(links.left, links.right, strict=True)), len(world)) == found.resolution.labels).all()
    assert Resolved(shuffled, resolve(shuffled, MATCHED)).said() == found.said()


@pytest.mark.parametrize("seed", range(4))
def test_batches_over_days_say_what_one_run_says(matched: tuple[list[Record], Resolved], seed: int) -> None:
    """Records that come cut into days at random are, after the last, the people of one run over all of them.

    Nobody is renumbered: whoever is built again from nothing but the registry keeps every id.
    """
    world, at_once = matched
    chance = random.Random(seed)  # noqa: S311
    order = chance.sample(world, len(world))
    cuts = sorted({1, *chance.sample(range(2, len(world)), 4), len(world)})
    registry, before = Registry(), None
    for number, end in enumerate(cuts):
        evidence = gather(*tables(order[:end], MATCHED), MATCHED)
        resolution = resolve(evidence, MATCHED, (), at_once.resolution.learned, before)
        named = name_customers(_ids(evidence), resolution.labels, registry, DAY + timedelta(days=number))
        registry = named.registry
        assert resolution.state is not None
        before = Scored(resolution.state, pairs_table(evidence, resolution.pairs))

    assert resolution.labels.tolist() == at_once.resolution.labels.tolist()
    again = name_customers(_ids(at_once.evidence), at_once.resolution.labels, registry, DAY)
    assert again.customers_of_records == named.customers_of_records


def _ids(evidence: Evidence) -> pa.Array:
    return evidence.records["record_id"].combine_chunks()
