"""E-mail addresses and phone numbers in the one form c360 compares people by.

This form is our own: it keeps the dots and `+tags` of an address. A destination derives its platform's form from it.
What is not clearly an address or a number becomes absent with a reason; nothing is repaired by guessing.

Reasons: `empty`, `looks_hashed`, `malformed` (e-mail), `scientific_notation`, `no_country`, `invalid_number` (phone).
"""

import re
import unicodedata
from typing import NamedTuple

import phonenumbers
from email_validator import EmailSyntaxError, validate_email

_HEX_DIGEST = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})", re.IGNORECASE)
_BASE64_SHA256 = re.compile(r"[A-Za-z0-9+/]{43}=")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d+", re.IGNORECASE)
_DIAL_CHARACTERS = re.compile(r"\+?[\d\s().\-/\u2010-\u2015\u2212\u00ad\u200b\u2060]+")
_EXTENSION = re.compile(r"\s*(?:;ext=|ext\.?|extension|x|#|poste)\s*\d{1,6}$", re.IGNORECASE)


class Normalised(NamedTuple):
    """A value in its normal form, or no value and the reason why. Exactly one of the two is `None`."""

    value: str | None
    reason: str | None


def normalise_email(raw: str) -> Normalised:
    """Return an address in NFC, trimmed and lower-case, or why there is none.

    Its syntax is checked, whether it can receive mail is not. Reserved names (`.invalid`, `.test`) are malformed.
    """
    text = unicodedata.normalize("NFC", raw).strip()
    if refusal := _not_plain(text):
        return refusal
    try:
        checked = validate_email(text, check_deliverability=False)
    except EmailSyntaxError:
        return Normalised(None, "malformed")
    return Normalised(unicodedata.normalize("NFC", checked.normalized.lower()), None)


def normalise_phone(raw: str, country_code: str | None) -> Normalised:
    """Return a phone number as E.164 (`+33612345678`), or why there is none.

    Args:
        raw: The number as somebody wrote it. An extension is dropped.
        country_code: ISO 3166 alpha-2 of the place where a number without a calling code is dialled.
    """
    text = unicodedata.normalize("NFKC", raw).strip()
    if refusal := _not_plain(text):
        return refusal
    if _SCIENTIFIC.fullmatch(text):
        return Normalised(None, "scientific_notation")
    dialled = _EXTENSION.sub("", text.removeprefix("tel:"))
    if not _DIAL_CHARACTERS.fullmatch(dialled):
        return Normalised(None, "invalid_number")
    return _by_numbering_plan(dialled, _known_region(country_code))


def looks_hashed(text: str) -> bool:
    """Tell whether `text` has the shape of an MD5, SHA-1, SHA-256 or SHA-512 digest in hex, or of a base64 SHA-256."""
    return bool(_HEX_DIGEST.fullmatch(text) or _BASE64_SHA256.fullmatch(text))


def _not_plain(text: str) -> Normalised | None:
    if not text:
        return Normalised(None, "empty")
    if looks_hashed(text):
        return Normalised(None, "looks_hashed")
    return None


def _known_region(country_code: str | None) -> str | None:
    region = (country_code or "").strip().upper()
    return region if region in phonenumbers.SUPPORTED_REGIONS else None


def _by_numbering_plan(dialled: str, region: str | None) -> Normalised:
    if region is None and not dialled.startswith("+"):
        return Normalised(None, "no_country")
    try:
        number = phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        return Normalised(None, "invalid_number")
    if not phonenumbers.is_valid_number(number):
        return Normalised(None, "invalid_number")
    return Normalised(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), None)
