"""The forms in which Google compares people, one pure function per field.

Rules: https://developers.google.com/data-manager/api/devguides/concepts/formatting, and for names
https://developers.google.com/data-manager/api/reference/rest/v1/UserData. Choices between them: `spec.yml`.
"""

import re
import unicodedata

from c360.privacy.normalise import (
    Normalised,
    is_country_code,
    normalise_email,
    normalise_name,
    number_as_dialled,
    without_punctuation,
)

_ALIASING_DOMAINS = frozenset({"gmail.com", "googlemail.com"})
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_PREFIX = re.compile(r"^(?:mrs|mr|ms|dr)(?:\.\s*|\s+)|(?:\s*,\s*|\s+)(?:mrs|mr|ms|dr)\.?$|^(?:mrs|mr|ms|dr)\.$")
_SUFFIX = re.compile(r"(?:\s*,\s*|\s+)(?:jr|sr|2nd|3rd|ii|iii|iv|v|vi|cpa|dc|dds|vm|jd|md|ph\.?d)\.?$")
_US_POSTAL_CODE = re.compile(r"\d{5}(?:-?\d{4})?")


def email(raw: str) -> Normalised:
    """Lower case without any whitespace; at gmail.com and googlemail.com without dots and `+tag`, the domain kept."""
    local, at, domain = "".join(unicodedata.normalize("NFC", raw).lower().split()).rpartition("@")
    if domain in _ALIASING_DOMAINS:
        local = local.split("+")[0].replace(".", "")
    return normalise_email(f"{local}{at}{domain}")


def phone(raw: str, country_code: str = "") -> Normalised:
    """E.164: a plus sign, then 7 to 15 digits. A number without calling code needs the country it is dialled in."""
    dialled = number_as_dialled(raw, country_code)
    if dialled.value is None:
        return dialled
    number = "+" + dialled.value.removeprefix("+")
    return Normalised(number, None) if _E164.fullmatch(number) else Normalised(None, "invalid_number")


def first_name(raw: str) -> Normalised:
    """Lower case, without prefixes such as `Mrs.`, punctuation and outer whitespace."""
    return _name(raw, _PREFIX)


def last_name(raw: str) -> Normalised:
    """Lower case, without suffixes such as `Jr.`, punctuation and outer whitespace."""
    return _name(raw, _SUFFIX)


def country_code(raw: str) -> Normalised:
    """ISO 3166-1 alpha-2 in upper case, sent plain."""
    code = raw.strip().upper()
    if not code:
        return Normalised(None, "empty")
    return Normalised(code, None) if is_country_code(code) else Normalised(None, "unknown_country")


def postal_code(raw: str, country_code: str = "") -> Normalised:
    """As written without outer whitespace, sent plain; in the United States 5 digits, or 5 and 4."""
    code = raw.strip()
    if not code:
        return Normalised(None, "empty")
    if country_code.strip().upper() == "US" and not _US_POSTAL_CODE.fullmatch(code):
        return Normalised(None, "malformed")
    return Normalised(code, None)


def _name(raw: str, title: re.Pattern[str]) -> Normalised:
    """`raw` without the matches of `title`, however many follow each other, and without punctuation."""
    written = normalise_name(raw)
    if written.value is None:
        return written
    name = written.value.lower()
    while (shorter := title.sub("", name).strip()) != name:
        name = shorter
    plain = " ".join(without_punctuation(name).split())
    return Normalised(plain, None) if plain else Normalised(None, "malformed")
