"""The reference vectors kept beside the checkout, where they are: every field that is sent, forms and digests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import phonenumbers
import pytest

from c360.destinations.google_ads import identifiers as google_ads
from c360.destinations.meta import identifiers as meta
from c360.privacy.hashing import sha256_base64, sha256_hex
from c360.privacy.normalise import Normalised

VECTORS = Path(__file__).parents[3] / "shared" / "reference" / "normalisation-vectors.json"
FIELDS: dict[tuple[str, str], Callable[..., Normalised]] = {
    ("google_ads", "email"): google_ads.email,
    ("google_ads", "phone"): google_ads.phone,
    ("google_ads", "first_name"): google_ads.first_name,
    ("google_ads", "last_name"): google_ads.last_name,
    ("google_ads", "country"): google_ads.country_code,
    ("google_ads", "postal_code"): google_ads.postal_code,
    ("meta", "EMAIL"): meta.email,
    ("meta", "PHONE"): meta.phone,
    ("meta", "FN"): meta.first_name,
    ("meta", "LN"): meta.last_name,
    ("meta", "ZIP"): meta.postal_code,
    ("meta", "COUNTRY"): meta.country_code,
    ("meta", "EXTERN_ID"): meta.customer_id,
}
HASHES: dict[str, Callable[[str], str]] = {"sha256-hex": sha256_hex, "sha256-base64": sha256_base64, "none": str}

pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason=f"the reference vectors are not at {VECTORS}")


def vectors() -> list[dict[str, Any]]:
    """Those of the fields that are sent."""
    if not VECTORS.exists():
        return []
    found = json.loads(VECTORS.read_text(encoding="utf-8"))
    return [vector for vector in found if (vector["platform"], vector["field"]) in FIELDS]


def country(vector: dict[str, Any]) -> list[str]:
    """The country of a vector that names a calling code."""
    code = ((vector["context"] or {}).get("default_calling_code") or "").lstrip("+").split(" ")[0]
    return [phonenumbers.region_code_for_country_code(int(code))] if code else []


def test_there_are_vectors_of_both_platforms() -> None:
    """The sweep below has something to sweep."""
    assert len(vectors()) >= 100
    assert {vector["platform"] for vector in vectors()} == {"google_ads", "meta"}
    assert {vector["status"] for vector in vectors()} == {"conformant", "reject"}


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["id"])
def test_the_vector_holds(vector: dict[str, Any]) -> None:
    """The form is the one the platform publishes, and so is its digest; what it refuses is absent with a reason."""
    value, reason = FIELDS[vector["platform"], vector["field"]](vector["input"], *country(vector))

    assert value == vector["normalised"]
    assert (value and HASHES[vector["hash"]](value)) == vector["expected"]
    assert (reason is not None) == (vector["status"] == "reject")
