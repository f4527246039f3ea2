"""E-mail addresses and phone numbers in the one form c360 compares people by.

This form is our own: it keeps the dots and `+tags` of an address. A destination derives its platform's form from it.
What is not clearly an address or a number becomes absent with a reason; nothing is repaired by guessing.

Reasons: `empty`, `looks_hashed`, `malformed` (e-mail), `scientific_notation`, `no_country`, `invalid_number` (phone).
"""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

import phonenumbers
from email_validator import EmailSyntaxError, validate_email

_HEX_DIGEST = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})", re.IGNORECASE)
_BASE64_SHA256 = re.compile(r"[A-Za-z0-9+/]{43}=")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d+", re.IGNORECASE)
_DIAL_CHARACTERS = re.compile(r"\+?[\d\s().\-/\u2010-\u2015\u2212\u00ad\u200b\u2060]+")
_LETTERS = re.compile(r"[^\W\d_]")
_EXTENSION = re.compile(r"\s*(?:;ext=|ext\.?|extension|x|#|poste)\s*\d{1,6}$", re.IGNORECASE)

_NOT_ISO = frozenset({"AC", "TA", "XK"})
"""Regions of the numbering plans without a code of their own in ISO 3166-1."""


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
    dialled = _dialled(raw)
    if dialled.value is None:
        return dialled
    return _by_numbering_plan(dialled.value, _known_region(country_code), phonenumbers.is_valid_number)


def number_as_dialled(raw: str, country_code: str | None, *, ignore_letters: bool = False) -> Normalised:
    """Return a number for a platform that has its own rule, or why there is none.

    With a plus sign it is `+` and the digits after it; with a country it is read by that country's numbering plan,
    where only its length must fit; otherwise it is the digits as written. Letters are refused or ignored.
    """
    dialled = _dialled(raw, ignore_letters=ignore_letters)
    if dialled.value is None:
        return dialled
    region = _known_region(country_code)
    if dialled.value.startswith("+") or region is None:
        return Normalised(re.sub(r"[^+\d]", "", dialled.value), None)
    return _by_numbering_plan(dialled.value, region, phonenumbers.is_possible_number)


def is_country_code(code: str) -> bool:
    """Tell whether `code` is an ISO 3166-1 alpha-2 code, in upper case, of a place with a telephone numbering plan."""
    return code in phonenumbers.SUPPORTED_REGIONS and code not in _NOT_ISO


def without_punctuation(text: str) -> str:
    """Return `text` without the characters that Unicode calls punctuation or symbols."""
    return "".join(character for character in text if unicodedata.category(character)[0] not in "PS")


def looks_hashed(text: str) -> bool:
    """Tell whether `text` has the shape of an MD5, SHA-1, SHA-256 or SHA-512 digest in hex, or of a base64 SHA-256."""
    return bool(_HEX_DIGEST.fullmatch(text) or _BASE64_SHA256.fullmatch(text))


def _not_plain(text: str) -> Normalised | None:
    if not text:
        return Normalised(None, "empty")
    if looks_hashed(text):
        return Normalised(None, "looks_hashed")
    return None


def _dialled(raw: str, *, ignore_letters: bool = False) -> Normalised:
    """The number without extension and with ASCII digits, when it holds nothing else than a number may."""
    text = unicodedata.normalize("NFKC", raw).strip()
    if refusal := _not_plain(text):
        return refusal
    if _SCIENTIFIC.fullmatch(text):
        return Normalised(None, "scientific_notation")
    dialled = _EXTENSION.sub("", text.removeprefix("tel:"))
    if ignore_letters:
        dialled = _LETTERS.sub("", dialled)
    if not _DIAL_CHARACTERS.fullmatch(dialled) or not any(character.isdigit() for character in dialled):
        return Normalised(None, "invalid_number")
    return Normalised("".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in dialled), None)


def _known_region(country_code: str | None) -> str | None:
    region = (country_code or "").strip().upper()
    return region if is_country_code(region) else None


def _by_numbering_plan(
    dialled: str, region: str | None, fits: Callable[[phonenumbers.PhoneNumber], bool]
) -> Normalised:
    if region is None and not dialled.startswith("+"):
        return Normalised(None, "no_country")
    try:
        number = phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        return Normalised(None, "invalid_number")
    if not fits(number):
        return Normalised(None, "invalid_number")
    return Normalised(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), None)
