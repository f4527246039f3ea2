"""The normal form of plainly written values as SQL, for millions of them at once.

Most values of a large table are plain: an address in ASCII, a phone number of one of the countries below, a name in
Latin letters. A `PlainShape` gives the normal form of such a value exactly as the functions of
`c360.privacy.normalise` give it, and NULL of every other value: of that one they must be asked.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import phonenumbers
from anyascii import anyascii
from email_validator import SPECIAL_USE_DOMAIN_NAMES

from c360.privacy.addresses import ABBREVIATIONS, ENDINGS, FIRST_WORDS, LAST_WORDS, SAINTS
from c360.privacy.text import PLACEHOLDER_WORDS

PLAIN_NUMBERING_PLANS = ("FR", "BE", "CH", "DE", "ES", "IT", "LU", "NL", "PT", "AT", "GB", "US")
"""Countries whose mobile numbers are plain, and those of their fixed lines where all are of one length."""
FIVE_DIGITS = ("DE", "ES", "FI", "FR", "IT")
"""Countries whose postal codes are any five digits."""
FOUR_DIGITS = ("AT", "AU", "BE", "CH", "DK", "LU", "NO")
"""Countries whose postal codes are any four digits."""
ACCENTED = "".join(
    letter
    for letter in map(chr, range(0x00C0, 0x0180))
    if len(decomposed := unicodedata.normalize("NFD", letter)) > 1 and decomposed[0] == anyascii(letter)
)
"""Precomposed Latin letters that are a plain letter when their accents are taken off."""

_LONGEST_PLAIN_EMAIL = 63
"""No part of an address this short can be longer than its own limit."""
_LONGEST_PLAIN_WORDS = 31
"""One letter less than the shortest digest."""
_LETTER = f"[A-Za-z{ACCENTED}]"
_WORD = f"[A-Za-z0-9{ACCENTED}]+"
_APOSTROPHES = "''\u2019"
_UNACCENTED = "lower(strip_accents(raw))"


class PlainShape(NamedTuple):
    """SQL over the columns `raw` and `country`."""

    candidate: str
    """The form that a plain value has, or NULL of a value that is not plain."""
    condition: str
    """What must hold of the column `candidate` besides."""
    forms: tuple[str, ...]
    """The normal forms of the class, over `raw` and `candidate`."""


def plain_email() -> PlainShape:
    """An ASCII address at a domain that anybody can register, with or without spaces around it."""
    shape = r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9]+(-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,20}"
    matches = f"length(raw) <= {_LONGEST_PLAIN_EMAIL} and regexp_full_match(raw, ' *{shape} *')"
    reserved = rf".*\.({'|'.join(SPECIAL_USE_DOMAIN_NAMES)})"
    return PlainShape(
        f"case when {matches} then lower(trim(raw)) end",
        f"not regexp_full_match(candidate, '{reserved}')",
        ("candidate",),
    )


def plain_phone() -> PlainShape:
    """A number of one of `PLAIN_NUMBERING_PLANS`, with spaces, dots or dashes between its digits.

    It has its calling code, or is as dialled in the country whose alpha-2 code stands in upper case beside it.
    """
    national = " ".join(
        f"when '{region}' then case when regexp_full_match({_DIALLED}, '{prefix}{pattern}') "
        f"then '+{calling}' || {_DIALLED}[{len(prefix) + 1}:] end"
        for region, calling, prefix, pattern in _plans()
    )
    international = "|".join(rf"\+{calling}{pattern}" for _, calling, _, pattern in _plans())
    digits_only = r"regexp_full_match(raw, ' *\+?[0-9][0-9 .-]*[0-9] *') and not regexp_matches(raw, '\.0+ *$')"
    return PlainShape(
        f"case when not ({digits_only}) then null "
        f"when prefix({_DIALLED}, '+') "
        f"then case when regexp_full_match({_DIALLED}, '{international}') then {_DIALLED} end "
        f"else case country {national} end end",
        "true",
        ("candidate",),
    )


def plain_name() -> PlainShape:
    """A name in plain or accented Latin letters, with single spaces, hyphens and apostrophes between them."""
    shape = f"{_LETTER}+([ {_APOSTROPHES}-]{_LETTER}+)*"
    matches = f"length(raw) <= {_LONGEST_PLAIN_WORDS} and regexp_full_match(raw, '{shape}')"
    folded = _replaced(_UNACCENTED, {"-": " ", "''": "", "\u2019": ""})
    return PlainShape(f"case when {matches} then {folded} end", _stands_for_something(), ("raw", "candidate"))


def plain_address() -> PlainShape:
    """A street or town in Latin letters in which nothing is an abbreviation in any language."""
    shape = f"{_WORD}([ ,.{_APOSTROPHES}-]{{1,2}}{_WORD})*"
    no_digest = f"(length(raw) <= {_LONGEST_PLAIN_WORDS} or contains(raw, ' '))"
    matches = f"{no_digest} and regexp_full_match(raw, '{shape}') and regexp_matches(raw, '{_LETTER}')"
    words = _replaced(_UNACCENTED, {",": " ", ".": " ", "-": " ", "''": " ", "\u2019": " ", "  ": " "})
    return PlainShape(
        f"case when {matches} then {words} end",
        f"not regexp_matches(candidate, '{_not_plain_words()}') and {_stands_for_something()}",
        ("candidate",),
    )


def plain_postal_code() -> PlainShape:
    """A code that is already as its country's post writes it."""
    five, four = (", ".join(f"'{code}'" for code in codes) for codes in (FIVE_DIGITS, FOUR_DIGITS))
    return PlainShape(
        f"case when country in ({five}) and regexp_full_match(raw, '[0-9]{{5}}') then raw "
        f"when country in ({four}) and regexp_full_match(raw, '[0-9]{{4}}') then raw end",
        "true",
        ("candidate",),
    )


def _replaced(text: str, replacements: dict[str, str]) -> str:
    for found, written in replacements.items():
        text = f"replace({text}, '{found}', '{written}')"
    return text


_DIALLED = _replaced("raw", {" ": "", ".": "", "-": ""})


def _plans() -> Iterable[tuple[str, int, str, str]]:
    """Region, calling code, trunk prefix and a pattern of mobile and fixed-line numbers, as the library knows them."""
    for region in PLAIN_NUMBERING_PLANS:
        plan: Any = phonenumbers.PhoneMetadata.metadata_for_region(region)
        prefix = plan.national_prefix if plan.national_prefix == "0" else ""
        # A pattern of numbers of several lengths, as Germany's fixed lines, matches some that have none of them.
        fixed_line = [plan.fixed_line] if len(plan.fixed_line.possible_length) == 1 else []
        patterns = "|".join(kind.national_number_pattern for kind in [plan.mobile, *fixed_line])
        yield region, plan.country_code, prefix, f"(?:{patterns})"


def _stands_for_something() -> str:
    words = ", ".join(f"'{word}'" for word in sorted(PLACEHOLDER_WORDS))
    return f"replace(candidate, ' ', '') not in ({words}) and not regexp_full_match(candidate, '[x ]*xx?[x ]*')"


@lru_cache(maxsize=1)
def _not_plain_words() -> str:
    """A pattern of every abbreviation, and of what is written with or without a space."""
    tables = (*ABBREVIATIONS.values(), *FIRST_WORDS.values(), *LAST_WORDS.values(), *SAINTS.values())
    short = {word for table in tables for word in table} | {"s"}
    endings = {ending for table in ENDINGS.values() for ending in table}
    run_together = "[0-9](bis|ter|quater|[a-z])"
    return rf"\b({'|'.join(sorted(short))})\b|({'|'.join(sorted(endings))}|{run_together})\b"
