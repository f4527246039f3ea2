"""The body of `audienceMembers:ingest`."""

from collections.abc import Mapping, Sequence

from c360.destinations.destination import Delivery, Json, Person
from c360.destinations.google_ads import identifiers
from c360.destinations.spec import load_spec
from c360.privacy.normalise import Normalised

SPEC = load_spec("google_ads")

_ADDRESS = ("first_name", "last_name", "country_code", "postal_code")
_CONSENT = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}
"""True of everybody in a payload: who did not grant both is not in the rows it is made from."""


def normalise(person: Person) -> dict[str, Normalised]:
    """Return the forms Google compares, one per field of the spec."""
    return {
        "email": identifiers.email(person.email),
        "phone": identifiers.phone(person.phone, person.country_code),
        "first_name": identifiers.first_name(person.first_name),
        "last_name": identifiers.last_name(person.last_name),
        "country_code": identifiers.country_code(person.country_code),
        "postal_code": identifiers.postal_code(person.postal_code, person.country_code),
    }


def entry(sealed: Mapping[str, str]) -> Json:
    """Return one audience member. The address goes only with all four parts: Google refuses fewer."""
    users = [{SPEC.fields[name].name: sealed[name]} for name in ("email", "phone") if name in sealed]
    if all(name in sealed for name in _ADDRESS):
        users.append({"address": {SPEC.fields[name].name: sealed[name] for name in _ADDRESS}})  # type: ignore[dict-item]
    return {"compositeData": {"userData": {"userIdentifiers": users}}, "consent": _CONSENT}


def body(entries: Sequence[Json], delivery: Delivery) -> Json:
    """Return one ingest request; the ids of account and list are placeholders until sending is built."""
    return {
        "destinations": [
            {
                "operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": "<operating account id>"},
                "productDestinationId": f"<user list id of {delivery.audience_name}>",
            }
        ],
        "audienceMembers": list(entries),
        "encoding": "HEX",
        "termsOfService": {"customerMatchTermsOfServiceStatus": "ACCEPTED"},
        "validateOnly": delivery.dry_run,
    }
