"""The body of Google's audienceMembers:ingest."""

from datetime import date

import pytest

from c360.destinations.batches import prepare
from c360.destinations.destination import Person
from c360.destinations.google_ads import payload
from c360.privacy.hashing import sha256_hex

ANA = Person("c_1", "ana@example.com", "+33612345678", "Ana", "Lopez", "75001", "FR")


def test_the_body_is_the_documented_one() -> None:
    """One destination, members as composite data with consent each, hexadecimal digests, validated only."""
    body = prepare(payload, [ANA], "best_customers", date(2026, 7, 1), dry_run=True).batches[0].body

    assert body == {
        "destinations": [
            {
                "operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": "<operating account id>"},
                "productDestinationId": "<user list id of best_customers>",
            }
        ],
        "audienceMembers": [
            {
                "compositeData": {
                    "userData": {
                        "userIdentifiers": [
                            {"emailAddress": sha256_hex("ana@example.com")},
                            {"phoneNumber": sha256_hex("+33612345678")},
                            {
                                "address": {
                                    "givenName": sha256_hex("ana"),
                                    "familyName": sha256_hex("lopez"),
                                    "regionCode": "FR",
                                    "postalCode": "75001",
                                }
                            },
                        ]
                    }
                },
                "consent": {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"},
            }
        ],
        "encoding": "HEX",
        "termsOfService": {"customerMatchTermsOfServiceStatus": "ACCEPTED"},
        "validateOnly": True,
    }


@pytest.mark.parametrize("missing", ["first_name", "last_name", "country_code", "postal_code"])
def test_an_address_needs_all_four_parts(missing: str) -> None:
    """With one part unknown the address stays away, and the member goes without it."""
    people = [Person(**{**vars(ANA), missing: ""})]
    member = prepare(payload, people, "a", date(2026, 7, 1), dry_run=True).batches[0].body["audienceMembers"][0]
    kinds = [kind for identifier in member["compositeData"]["userData"]["userIdentifiers"] for kind in identifier]

    assert kinds == ["emailAddress", "phoneNumber"]
