"""From people to the batches of one audience, with a result for every person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from c360.destinations.destination import Delivery, Destination, Json, Person

NO_VALID_IDENTIFIER = "no_valid_identifier"


class Batch(NamedTuple):
    """One request: its body and the customers in it, in the order of its members."""

    file_name: str
    body: Json
    customer_ids: tuple[str, ...]


@dataclass(frozen=True)
class Prepared:
    """What an audience becomes for a destination: every person is in a batch or refused with a reason."""

    batches: tuple[Batch, ...]
    refused: dict[str, str]
    """Customer to reason."""
    dropped: dict[str, int]
    """Identifiers that were there but could not be sent, counted as `<field>:<reason>`."""


class _Sealed(NamedTuple):
    customer_id: str
    fields: dict[str, str]


def prepare(
    destination: Destination, people: Sequence[Person], audience_name: str, as_of: date, *, dry_run: bool
) -> Prepared:
    """Turn people into batches, ordered by customer: the same people give the same batches in any order.

    Args:
        destination: Whose rules apply.
        people: Everybody to send, each customer once.
        audience_name: The audience they are members of.
        as_of: The day of the run.
        dry_run: Ask the platform to validate only, where it can.
    """
    dropped: Counter[str] = Counter()
    sealed = [_seal(destination, person, dropped) for person in sorted(people, key=lambda person: person.customer_id)]
    refused = {customer: NO_VALID_IDENTIFIER for customer, fields in sealed if not _is_enough(destination, fields)}
    accepted = [one for one in sealed if one.customer_id not in refused]
    size = destination.SPEC.limits.members_per_request
    chunks = [accepted[start : start + size] for start in range(0, len(accepted), size)]
    first = Delivery(audience_name, as_of, 1, len(chunks), len(accepted), dry_run)
    batches = [_batch(destination, chunk, replace(first, number=number)) for number, chunk in enumerate(chunks, 1)]
    return Prepared(tuple(batches), refused, dict(sorted(dropped.items())))


def _seal(destination: Destination, person: Person, dropped: Counter[str]) -> _Sealed:
    fields = {}
    for name, (value, reason) in destination.normalise(person).items():
        if value is not None:
            fields[name] = destination.SPEC.fields[name].seal(value)
        elif reason != "empty":
            dropped[f"{name}:{reason}"] += 1
    return _Sealed(person.customer_id, fields)


def _is_enough(destination: Destination, fields: dict[str, str]) -> bool:
    required = [name for name, field in destination.SPEC.fields.items() if field.required]
    return all(name in fields for name in required) and any(name in fields for name in destination.SPEC.needs_one_of)


def _batch(destination: Destination, members: Sequence[_Sealed], delivery: Delivery) -> Batch:
    body = destination.body([destination.entry(member.fields) for member in members], delivery)
    return Batch(f"batch_{delivery.number:04d}.json", body, tuple(member.customer_id for member in members))
