"""Conformance: what holds of every destination, whichever platform it is for."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from c360.core.errors import ConfigurationError
from c360.destinations.batches import NO_VALID_IDENTIFIER, prepare
from c360.destinations.destination import Destination, Json, Person
from c360.destinations.registry import DESTINATIONS, find_destination
from c360.destinations.spec import load_spec
from c360.privacy.normalise import Normalised

ROOM = Path(__file__).parents[2] / "c360" / "destinations"
FOLDERS = {path.parent.name for path in ROOM.glob("*/spec.yml")}
FILES = {"__init__.py", "identifiers.py", "payload.py", "spec.yml"}
AS_OF = date(2026, 7, 1)
FULL = Person("c_1", "Ana.Lopez@Example.com", "+33612345678", "Ana", "Lopez", "75001", "FR")
PEOPLE = [
    FULL,
    Person("c_2", email="bea@example.org"),
    Person("c_3", phone="+33698765432"),
    Person("c_4", email="not an address", phone="nor a number", first_name="Dan", country_code="FR"),
    Person("c_5", first_name="Eve", last_name="Ng", postal_code="75002", country_code="FR"),
]

every_destination = pytest.mark.parametrize("destination", DESTINATIONS.values(), ids=DESTINATIONS.keys())


def values(content: Json) -> list[str]:
    """Every text in a payload."""
    if isinstance(content, dict):
        return [text for part in content.values() for text in values(part)]
    if isinstance(content, list):
        return [text for part in content for text in values(part)]
    return [content] if isinstance(content, str) else []


def normal_forms(destination: Destination, person: Person) -> dict[str, Normalised]:
    """The fields of a person that the platform can use."""
    return {name: form for name, form in destination.normalise(person).items() if form.value}


def test_every_folder_is_registered() -> None:
    """A folder with a spec is a destination, and the other way round."""
    assert set(DESTINATIONS) == FOLDERS
    assert {"google_ads", "meta"} <= FOLDERS


def test_an_unknown_destination_is_answered_with_the_known_ones() -> None:
    """A typing error is a configuration error that names what there is."""
    with pytest.raises(ConfigurationError, match=r"no destination `myspace`; there are google_ads, meta"):
        find_destination("myspace")
    with pytest.raises(ConfigurationError, match=r"spec\.yml is missing"):
        load_spec("myspace")


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_the_folder_holds_the_same_files(name: str) -> None:
    """Whoever knows one destination finds their way in every other."""
    assert {path.name for path in (ROOM / name).iterdir() if path.is_file()} == FILES


@every_destination
def test_the_spec_says_where_it_comes_from(destination: Destination) -> None:
    """Its name is the folder's, each rule and limit has a source, and each named field exists."""
    spec = destination.SPEC
    links = [spec.limits.source, *spec.sources, *(field.source for field in spec.fields.values())]

    assert DESTINATIONS[spec.name] is destination
    assert all(link.startswith("https://") for link in links)
    assert set(spec.needs_one_of) <= set(spec.fields)
    assert {"ad_user_data", "ad_personalization"} <= set(spec.required_purposes)


@every_destination
def test_fields_come_from_the_spec(destination: Destination) -> None:
    """Exactly the fields of the spec are normalised, and a full person has them all."""
    assert set(destination.normalise(FULL)) == set(destination.SPEC.fields)
    assert set(normal_forms(destination, FULL)) == set(destination.SPEC.fields)


@every_destination
def test_no_plain_personal_value_leaves(destination: Destination) -> None:
    """Of what is known of a person only digests are in a payload, and plain only what the spec says is plain."""
    text = json.dumps([batch.body for batch in prepare(destination, PEOPLE, "a", AS_OF, dry_run=True).batches])
    fields = destination.SPEC.fields
    hashed = {form.value for name, form in normal_forms(destination, FULL).items() if fields[name].hash != "none"}

    assert len(hashed) >= 4
    assert not [value for value in hashed if value and f'"{value}"' in text]
    assert not re.search(r"ana|lopez|bea|612345678|698765432|@", re.sub(r"[0-9a-f]{64}", "", text.lower()))
    assert len(re.findall(r'"[0-9a-f]{64}"', text)) >= 6


@every_destination
def test_digests_are_of_the_platforms_form(destination: Destination) -> None:
    """A payload holds the sealed normal form of each field of a full person."""
    body = prepare(destination, [FULL], "a", AS_OF, dry_run=True).batches[0].body
    sealed = {
        destination.SPEC.fields[name].seal(form.value or "") for name, form in normal_forms(destination, FULL).items()
    }

    assert len(sealed) == len(destination.SPEC.fields)
    assert sealed <= set(values(body))


@every_destination
def test_only_normal_forms_are_hashed(destination: Destination, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has no normal form reaches no digest: not empty, not as it was written."""
    hashed: list[str] = []
    for name in ("sha256_hex", "sha256_base64"):
        monkeypatch.setattr(f"c360.destinations.spec.{name}", lambda text: hashed.append(text) or "digest")
    strange = [
        Person("s_1", "n/a", "3.36E+10", "xxx", "-", " ", "FR"),
        Person("s_2", "a@example.org; b@example.org", "0612345678 / 0698765432", "Jos\ufffd", "12345", "", "FR"),
        Person("s_3", "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9", "\u200b", "\u3164", "N/A"),
    ]
    prepared = prepare(destination, [*strange, FULL], "a", AS_OF, dry_run=True)

    forms = {form.value for form in normal_forms(destination, FULL).values()}
    assert hashed
    assert set(hashed) <= forms
    assert set(prepared.refused) == {"s_1", "s_2", "s_3"}


@every_destination
def test_every_person_has_a_result(destination: Destination) -> None:
    """Each is in exactly one batch or refused with a reason; names alone identify nobody."""
    prepared = prepare(destination, PEOPLE, "a", AS_OF, dry_run=True)
    sent = [customer for batch in prepared.batches for customer in batch.customer_ids]

    assert sent == ["c_1", "c_2", "c_3"]
    assert prepared.refused == {"c_4": NO_VALID_IDENTIFIER, "c_5": NO_VALID_IDENTIFIER}
    assert prepared.dropped == {"email:malformed": 1, "phone:has_letters": 1}


@every_destination
def test_batches_obey_the_limit(destination: Destination) -> None:
    """One person more than fits makes a second batch, and nobody is lost between the two."""
    limit = destination.SPEC.limits.members_per_request
    crowd = [Person(f"c_{number:06d}", email=f"p{number}@example.com") for number in range(limit + 1)]
    prepared = prepare(destination, crowd, "a", AS_OF, dry_run=True)

    assert [len(batch.customer_ids) for batch in prepared.batches] == [limit, 1]
    assert [batch.file_name for batch in prepared.batches] == ["batch_0001.json", "batch_0002.json"]
    assert [customer for batch in prepared.batches for customer in batch.customer_ids] == [
        one.customer_id for one in crowd
    ]


@every_destination
def test_nobody_makes_no_batch(destination: Destination) -> None:
    """Without people to send there is no request."""
    assert prepare(destination, [], "a", AS_OF, dry_run=True).batches == ()
    assert prepare(destination, PEOPLE[3:], "a", AS_OF, dry_run=True).batches == ()


@every_destination
def test_order_of_people_does_not_matter(destination: Destination) -> None:
    """The same people give the same payloads."""
    assert prepare(destination, PEOPLE, "a", AS_OF, dry_run=True) == prepare(
        destination, PEOPLE[::-1], "a", AS_OF, dry_run=True
    )
