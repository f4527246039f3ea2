"""The body of `POST /<custom audience id>/users`."""

from collections.abc import Mapping, Sequence

from c360.destinations.destination import Delivery, Json, Person
from c360.destinations.meta import identifiers
from c360.destinations.spec import load_spec
from c360.privacy.hashing import stable_id
from c360.privacy.normalise import Normalised

SPEC = load_spec("meta")


def normalise(person: Person) -> dict[str, Normalised]:
    """Return the forms Meta compares, one per field of the spec."""
    return {
        "email": identifiers.email(person.email),
        "phone": identifiers.phone(person.phone, person.country_code),
        "first_name": identifiers.first_name(person.first_name),
        "last_name": identifiers.last_name(person.last_name),
        "postal_code": identifiers.postal_code(person.postal_code, person.country_code),
        "country_code": identifiers.country_code(person.country_code),
        "customer_id": identifiers.customer_id(person.customer_id),
    }


def entry(sealed: Mapping[str, str]) -> Json:
    """Return one row, in the order of the schema; a field nobody knows is the empty string."""
    return [sealed.get(name, "") for name in SPEC.fields]


def body(entries: Sequence[Json], delivery: Delivery) -> Json:
    """Return one request of an upload session. Meta has no validate-only mode: a dry run sends nothing."""
    return {
        "payload": {"schema": [field.name for field in SPEC.fields.values()], "data": list(entries)},
        "session": {
            "session_id": _session_id(delivery),
            "batch_seq": delivery.number,
            "last_batch_flag": delivery.number == delivery.batch_count,
            "estimated_num_total": delivery.member_count,
        },
    }


def _session_id(delivery: Delivery) -> int:
    """A positive 63-bit number, the same for every batch of an audience on a day and for every re-run."""
    return int(stable_id("", f"{delivery.audience_name} {delivery.as_of}"), 16) >> 1
