"""A day's run: only what was touched is scored again, and the result is that of a full run."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from identity.told import Record, rules, tables

from c360.identity.engine import Resolution, resolve
from c360.identity.evidence import Evidence, gather
from c360.identity.incremental import Scored, touched
from c360.identity.tables import pairs_table

RULES = rules(
    """
    identifiers: {email: {max_per_person: 6}, phone: {max_per_person: 6}}
    attributes: {first_name: first_name, last_name: last_name, birth_date: birth_date, city: city}
    matching: {is_on: true}
    """
)
FIRST_NAMES = ("anna", "bruno", "carla", "david", "elena", "fabio", "greta", "hugo")
LAST_NAMES = ("rossi", "martin", "schmidt", "novak", "jansen", "garcia", "silva", "dubois", "kowalski", "moreau")
CITIES = ("lyon", "paris", "lille", "nice")


def shop(chance: random.Random, people: int) -> list[Record]:
    """Records of people, some of whom share an identifier with themselves, some only their names and birth date."""
    world: list[Record] = []
    for person in range(people):
        said = {
            "first_name": chance.choice(FIRST_NAMES),
            "last_name": chance.choice(LAST_NAMES),
            "birth_date": f"19{chance.randrange(50, 99)}-0{chance.randrange(1, 10)}-{chance.randrange(10, 29)}",
            "city": chance.choice(CITIES),
        }
        for copy in range(chance.randrange(1, 4)):
            email = f"{person}@example.org" if chance.random() < 0.5 else f"{person}.{copy}@example.org"
            world.append({"record_id": f"crm:{person:03}:{copy}", **said, "email": email})
    return world


def next_day(world: Sequence[Record], chance: random.Random) -> list[Record]:
    """Some records go, some say something else, some meet others by a phone number, and new ones come."""
    kept = [record for record in world if chance.random() > 0.02]
    moved = [{**record, "city": "brest"} if chance.random() < 0.02 else record for record in kept]
    met = [{**record, "phone": str(chance.randrange(3))} if chance.random() < 0.02 else record for record in moved]
    new = [{**record, "record_id": f"pos:{record['record_id']}", "email": None} for record in chance.sample(kept, 4)]
    return [*met, *new]


def evidence_of(world: Sequence[Record]) -> Evidence:
    """What the records say."""
    return gather(*tables(world, RULES), RULES)


def email_of(record: Record) -> str:
    """The e-mail address of a record."""
    return str(record["email"])


def left_by(evidence: Evidence, resolution: Resolution) -> Scored:
    """What a run leaves for the next."""
    assert resolution.state is not None
    return Scored(resolution.state, pairs_table(evidence, resolution.pairs))


@pytest.fixture(scope="module")
def first_day() -> tuple[list[Record], Evidence, Resolution]:
    """A world of 150 people, resolved in full."""
    world = shop(random.Random(7), 150)  # noqa: S311 - a small world, not a secret
    evidence = evidence_of(world)
    return world, evidence, resolve(evidence, RULES)


@pytest.mark.parametrize("seed", range(5))
def test_a_days_run_says_what_a_full_run_says(first_day: tuple[list[Record], Evidence, Resolution], seed: int) -> None:
    """New, changed and removed records, and clusters that meet: pairs, people, links and refusals are the same."""
    world, before, first = first_day
    today = evidence_of(next_day(world, random.Random(seed)))  # noqa: S311
    full = resolve(today, RULES, learned=first.learned)
    quick = resolve(today, RULES, learned=first.learned, before=left_by(before, first))

    assert len(full.pairs) > 10
    assert said(quick) == said(full)


def said(resolution: Resolution) -> list[list[object]]:
    """All that a run says, in columns."""
    rows = (resolution.pairs, resolution.links, resolution.refusals)
    return [resolution.labels.tolist(), *(getattr(each, name).tolist() for each in rows for name in vars(each))]


def test_only_what_was_touched_is_scored(first_day: tuple[list[Record], Evidence, Resolution]) -> None:
    """A changed record touches its cluster, so does one that came or went; nobody else is touched."""
    world, before, first = first_day
    several = next(email for email, count in Counter(map(email_of, world)).items() if count > 1)
    together = [record for record in world if email_of(record) == several]
    changed = {str(together[0]["record_id"]): {**together[0], "city": "brest"}}
    today = evidence_of([changed.get(str(record["record_id"]), record) for record in world])
    resolution = resolve(today, RULES, learned=first.learned)
    assert resolution.state is not None

    is_touched = touched(today, resolution.state, left_by(before, first))
    ids = np.array(today.records["record_id"].to_pylist())
    assert set(ids[is_touched]) == {record["record_id"] for record in together}


def test_nothing_new_touches_nobody(first_day: tuple[list[Record], Evidence, Resolution]) -> None:
    """The same records again, in another order, are scored by nobody and give the same pairs."""
    world, before, first = first_day
    left = left_by(before, first)
    again = evidence_of(world[::-1])
    assert first.state is not None

    assert not touched(again, first.state, left).any()
    assert said(resolve(again, RULES, learned=first.learned, before=left)) == said(first)


def test_what_was_learned_anew_touches_everybody(first_day: tuple[list[Record], Evidence, Resolution]) -> None:
    """Pairs that another model scored are worth nothing."""
    _, before, first = first_day
    model = first.learned.matching
    assert model is not None
    one = pa.table({"column": ["city"], "value": ["nantes"], "frequency": [0.1]}, schema=model.frequencies.schema)
    other = replace(model, frequencies=pa.concat_tables([model.frequencies, one]))
    resolution = resolve(before, RULES, learned=replace(first.learned, matching=other))
    assert resolution.state is not None

    assert touched(before, resolution.state, left_by(before, first)).all()
