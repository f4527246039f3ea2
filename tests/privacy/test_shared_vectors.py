"""The reference vectors kept beside the checkout, where they are: our own forms against those of every platform."""

import json
from pathlib import Path
from typing import Any

import pytest

from c360.privacy.normalise import normalise_email, normalise_phone

VECTORS = Path(__file__).parents[3] / "shared" / "reference" / "normalisation-vectors.json"
DROP_DOTS_AND_TAGS = {"google_ads", "reddit", "the_trade_desk", "uid2"}
"""Platforms that compare some addresses without their dots and tags; our form keeps both."""
PICTURES_IN_DOMAINS = {"uid2.email.030", "uid2.email.031"}
"""Addresses that no mail server could have."""

pytestmark = pytest.mark.skipif(not VECTORS.exists(), reason=f"the reference vectors are not at {VECTORS}")


def vectors(*fields: str) -> list[dict[str, Any]]:
    found = json.loads(VECTORS.read_text("utf-8")) if VECTORS.exists() else []
    return [vector for vector in found if vector["field"].lower() in fields]


EMAILS = vectors("email", "email_sha256", "sha256_email")
PHONES = vectors("phone", "phone_sha256", "ph")


def test_there_are_vectors_of_many_platforms() -> None:
    """The sweeps below have something to sweep."""
    assert len({vector["platform"] for vector in EMAILS}) >= 10
    assert len(PHONES) >= 40


@pytest.mark.parametrize("vector", EMAILS, ids=lambda vector: vector["id"])
def test_our_address_is_every_platforms_that_keeps_dots_and_tags(vector: dict[str, Any]) -> None:
    """Where a platform only trims and lowers, our form is its form, and what it refuses we refuse."""
    value = normalise_email(vector["input"]).value
    if vector["platform"] in DROP_DOTS_AND_TAGS and value != vector["normalised"]:
        assert set(vector["normalised"] or "") <= set((value or vector["input"]).lower())
    elif vector["id"] in PICTURES_IN_DOMAINS:
        assert value is None
    else:
        assert value == vector["normalised"]


@pytest.mark.parametrize("vector", PHONES, ids=lambda vector: vector["id"])
def test_our_number_is_the_platforms_or_none(vector: dict[str, Any]) -> None:
    """We ask more of a number than a platform does, but never read another one out of it."""
    calling_code = ((vector["context"] or {}).get("default_calling_code") or "").split(" ")[0]
    value = normalise_phone(vector["input"], calling_code or None).value

    assert value is None or value.lstrip("+") == (vector["normalised"] or "").lstrip("+")
