"""The forms in which Meta compares people, one pure function per field.

Rules: https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences.
Choices where its sources disagree: `spec.yml`.
"""

import re

from c360.privacy.normalise import (
    Normalised,
    is_country_code,
    normalise_email,
    normalise_name,
    number_as_dialled,
    without_punctuation,
)

_E164_DIGITS = re.compile(r"[1-9]\d{6,14}")
_ZIP_WITH_EXTENSION = re.compile(r"(\d{5})-?\d{4}")
_POSTAL_SHAPES = {
    "US": re.compile(r"(\d{5})(?:-?\d{4})?"),
    "GB": re.compile(r"([a-z]{1,2}\d[a-z\d]?\d)(?:[a-z]{2})?"),
}
"""Per country, the whole code and in brackets the part Meta compares."""
_SPELLED_OUT = {"unitedstates": "us"}
"""The one country name Meta's documentation spells out."""


def email(raw: str) -> Normalised:
    """Trimmed and lower case; dots and `+tag` stay."""
    return normalise_email(raw)


def phone(raw: str, country_code: str = "") -> Normalised:
    """Digits with the calling code, without plus sign, symbols, letters and leading zeros.

    A national number needs the country it is dialled in.
    """
    dialled = number_as_dialled(raw, country_code, ignore_letters=True)
    if dialled.value is None:
        return dialled
    if not dialled.value.startswith(("+", "00")) and dialled.value.startswith("0"):
        return Normalised(None, "no_country")
    digits = dialled.value.removeprefix("+").lstrip("0")
    return Normalised(digits, None) if _E164_DIGITS.fullmatch(digits) else Normalised(None, "invalid_number")


def first_name(raw: str) -> Normalised:
    """Lower case without punctuation and outer whitespace; letters of any script and accents stay."""
    written = normalise_name(raw)
    if written.value is None:
        return written
    plain = " ".join(without_punctuation(written.value.lower()).split())
    return Normalised(plain, None) if plain else Normalised(None, "malformed")


def last_name(raw: str) -> Normalised:
    """As the first name."""
    return first_name(raw)


def postal_code(raw: str, country_code: str = "") -> Normalised:
    """Lower case without whitespace and dashes.

    In the United States the first five digits; in the United Kingdom area, district and sector (`sw1a1` of SW1A 1AA).
    """
    country = country_code.strip().upper()
    code = "".join(raw.lower().split())
    if not code:
        return Normalised(None, "empty")
    if country in _POSTAL_SHAPES:
        shape = _POSTAL_SHAPES[country].fullmatch(code)
        return Normalised(shape.group(1), None) if shape else Normalised(None, "malformed")
    if not country and (extended := _ZIP_WITH_EXTENSION.fullmatch(code)):
        return Normalised(extended.group(1), None)
    plain = code.replace("-", "")
    return Normalised(plain, None) if len(plain) > 1 else Normalised(None, "malformed")


def country_code(raw: str) -> Normalised:
    """ISO 3166-1 alpha-2 in lower case."""
    code = "".join(without_punctuation(raw).lower().split())
    if not code:
        return Normalised(None, "empty")
    code = _SPELLED_OUT.get(code, code)
    return Normalised(code, None) if is_country_code(code.upper()) else Normalised(None, "unknown_country")


def customer_id(raw: str) -> Normalised:
    """As it is: Meta compares it with nothing but itself."""
    return Normalised(raw, None) if raw else Normalised(None, "empty")
