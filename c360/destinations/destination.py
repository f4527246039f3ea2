"""What every destination is: a spec, normal forms of a person's fields, and the shape of its payload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from c360.destinations.spec import Spec
from c360.privacy.normalise import Normalised

Json = Any
"""A value that `json.dumps` can write."""


@dataclass(frozen=True)
class Person:
    """One consented person as `exports.sync_<destination>` gives them. A field nobody knows is empty."""

    customer_id: str
    email: str = ""
    phone: str = ""
    first_name: str = ""
    last_name: str = ""
    postal_code: str = ""
    country_code: str = ""


@dataclass(frozen=True)
class Delivery:
    """Which request a payload is: batch `number` of `batch_count`, for one audience on one day."""

    audience_name: str
    as_of: date
    number: int
    batch_count: int
    member_count: int
    """People in all batches of the audience together."""
    dry_run: bool


class Destination(Protocol):
    """The face of `c360/destinations/<name>/payload.py`. Only `normalise` sees plain personal values."""

    SPEC: Spec
    """The platform's rules."""

    def normalise(self, person: Person) -> dict[str, Normalised]:
        """Return the normal form of every field in `SPEC.fields`."""

    def entry(self, sealed: Mapping[str, str]) -> Json:
        """Return one member of the payload, from the fields they have, each already hashed where it must be."""

    def body(self, entries: Sequence[Json], delivery: Delivery) -> Json:
        """Return the body of one request."""
