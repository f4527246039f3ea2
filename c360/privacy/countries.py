"""Countries, however somebody wrote them, as ISO 3166-1 alpha-2 codes."""

import re
from functools import lru_cache

import phonenumbers
from babel import Locale
from babel.core import get_global

from c360.privacy.text import transliterated, visible

_NOT_ISO = frozenset({"AC", "TA", "XK"})
"""Regions of the numbering plans without a code of their own in ISO 3166-1."""
_LANGUAGES = (
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "ja", "ko", "lt", "lv",
    "mt", "nb", "nl", "pl", "pt", "pt_PT", "ro", "ru", "sk", "sl", "sv", "tr", "uk", "zh",
)  # fmt: skip
"""The languages in which a country's name is known: those of the European Union and a few large ones."""
_OTHER_NAMES = {
    "uk": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "grande bretagne": "GB", "angleterre": "GB", "holland": "NL", "hollande": "NL", "america": "US",
    "united states of america": "US", "etats unis d amerique": "US", "czech republic": "CZ", "turkey": "TR",
}  # fmt: skip
"""Names in daily use that the Unicode CLDR does not list."""
_SHARED_NAMES = {"congo": {"CD", "CG"}}
_CALLING_CODE = re.compile(r"(?:\+|00)\s?([1-9][0-9]{0,2})")
_ARTICLE = re.compile(r"^(?:the|les?|la|l|die|der|das|el|los|il) ")
_ALPHA_3 = re.compile(r"[A-Z]{3}")
_NOT_WORDS = re.compile(r"[^a-z]+")


def is_country_code(code: str) -> bool:
    """Tell whether `code` is an ISO 3166-1 alpha-2 code, in upper case, of a place with a telephone numbering plan."""
    return code in phonenumbers.SUPPORTED_REGIONS and code not in _NOT_ISO


@lru_cache(maxsize=4096)
def country_code(text: str | None) -> str | None:
    """Return the alpha-2 code of the one country that `text` means, or None.

    Args:
        text: An alpha-2 or alpha-3 code (`FR`, `FRA`), a name in one of many languages (`France`, `Allemagne`), or a
            calling code that is one country's alone (`+33`; not `+1`).
    """
    written = visible(text or "")
    code = written.upper().replace(".", "")
    if is_country_code(code):
        return code
    if calling := _CALLING_CODE.fullmatch(written):
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(calling[1]), ())
        return regions[0] if len(regions) == 1 and is_country_code(regions[0]) else None
    return _alpha_2(code) if _ALPHA_3.fullmatch(code) else _codes_by_name().get(_folded(written))


@lru_cache(maxsize=4096)
def dialling_region(text: str | None) -> str | None:
    """Return the region by whose rules a number is dialled: the country, or for a shared calling code its main one."""
    if calling := _CALLING_CODE.fullmatch(visible(text or "")):
        region = phonenumbers.region_code_for_country_code(int(calling[1]))
        return region if is_country_code(region) else None
    return country_code(text)


def _alpha_2(alpha_3: str) -> str | None:
    codes = get_global("territory_aliases").get(alpha_3, [])
    return codes[0] if len(codes) == 1 and is_country_code(codes[0]) else None


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    """The country of each folded name; a name that two countries share is none's."""
    codes: dict[str, set[str]] = {name: {code} for name, code in _OTHER_NAMES.items()} | _SHARED_NAMES
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if is_country_code(code):
                codes.setdefault(_folded(name), set()).add(code)
    return {name: next(iter(found)) for name, found in codes.items() if name and len(found) == 1}


def _folded(name: str) -> str:
    return _ARTICLE.sub("", _NOT_WORDS.sub(" ", transliterated(name)).strip())
