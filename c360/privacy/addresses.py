"""Streets and towns in the one form in which they are compared: lower-case ASCII words, abbreviations spelled out.

No library does this offline without gigabytes of data, so it settles spelling and no more: it does not know which
streets there are. Abbreviations are those of the country's languages; where two languages of one country disagree about
one, it stays as it is, and without a country all of them stay.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from c360.privacy.countries import country_code
from c360.privacy.normalised import Normalised
from c360.privacy.text import has_letter, refusal, transliterated, without_invisible

LANGUAGES = {
    "FR": ("fr",), "MC": ("fr",), "GP": ("fr",), "MQ": ("fr",), "GF": ("fr",), "RE": ("fr",), "YT": ("fr",),
    "BE": ("fr", "nl"), "LU": ("fr", "de"), "CH": ("de", "fr", "it"), "DE": ("de",), "AT": ("de",), "LI": ("de",),
    "NL": ("nl",), "IT": ("it",), "SM": ("it",), "ES": ("es",), "AD": ("es",), "MX": ("es",), "AR": ("es",),
    "CL": ("es",), "CO": ("es",), "PE": ("es",), "PT": ("pt",), "BR": ("pt",), "GB": ("en",), "IE": ("en",),
    "US": ("en",), "AU": ("en",), "NZ": ("en",), "GG": ("en",), "JE": ("en",), "IM": ("en",), "CA": ("en", "fr"),
}  # fmt: skip
"""The languages in which streets are named, by country."""
ABBREVIATIONS = {
    "fr": {
        "all": "allee", "apt": "appartement", "appt": "appartement", "av": "avenue", "ave": "avenue", "bat": "batiment",
        "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard", "boul": "boulevard", "bvd": "boulevard",
        "ch": "chemin", "che": "chemin", "chem": "chemin", "cdt": "commandant", "crs": "cours", "dr": "docteur",
        "esc": "escalier", "fbg": "faubourg", "fg": "faubourg", "gal": "general", "imp": "impasse", "mal": "marechal",
        "pdt": "president", "pl": "place", "res": "residence", "rte": "route", "sq": "square", "st": "saint",
        "ste": "sainte",
    },
    "de": {"pl": "platz", "st": "sankt", "str": "strasse"},
    "nl": {"ln": "laan", "pl": "plein", "st": "sint", "str": "straat"},
    "it": {
        "c so": "corso", "cso": "corso", "l go": "largo", "lgo": "largo", "p za": "piazza", "p zza": "piazza",
        "pza": "piazza", "pzza": "piazza", "v le": "viale", "vle": "viale",
    },
    "es": {
        "av": "avenida", "avd": "avenida", "avda": "avenida", "ctra": "carretera", "pl": "plaza", "plza": "plaza",
        "po": "paseo", "pza": "plaza", "sta": "santa", "sto": "santo", "urb": "urbanizacion",
    },
    "pt": {
        "av": "avenida", "estr": "estrada", "pc": "praca", "pca": "praca", "sta": "santa", "sto": "santo",
        "trav": "travessa", "tv": "travessa",
    },
    "en": {"apt": "apartment", "mt": "mount"},
}  # fmt: skip
"""Words that mean one thing wherever they stand, by language."""
FIRST_WORDS = {
    "fr": {"r": "rue"},
    "pt": {"al": "alameda", "lg": "largo", "r": "rua"},
    "es": {"c": "calle"},
    "it": {"v": "via"},
}
"""What means a kind of street as the first word, or the first after the house number."""
LAST_WORDS = {
    "en": {
        "av": "avenue", "ave": "avenue", "blvd": "boulevard", "cl": "close", "cres": "crescent", "ct": "court",
        "dr": "drive", "gdns": "gardens", "hwy": "highway", "ln": "lane", "pkwy": "parkway", "pl": "place",
        "rd": "road", "sq": "square", "st": "street", "ter": "terrace", "terr": "terrace",
    },
}  # fmt: skip
"""Kinds of street at the end of a line, or before a number, a direction or a part of a building."""
SAINTS = {"en": {"st": "saint"}}
"""What means a saint before another word, where it does not end the line."""
ENDINGS = {"de": {"str": "strasse"}, "nl": {"str": "straat"}}
"""Endings of words (`hauptstr`)."""

_LINES = re.compile(r"[,;\n\r|]+")
_POSSESSIVE = re.compile(r"['`](?=s\b)")
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_NUMBER_AND_LETTER = re.compile(r"(?<=[0-9])(?=(?:bis|ter|quater|[a-z])\b)")
_AT_FIRST = r"^(?:[0-9]+ (?:bis |ter |quater |[a-z] )?)?"
_AFTER_A_WORD = r"(?<= )"
_ANYWHERE = r"\b"
_INSIDE_A_WORD = r"(?<=[a-z])"
_AT_LAST = (
    r"(?=$| (?:n|s|e|w|ne|nw|se|sw|north|south|east|west|apt|apartment|unit|suite|ste|flat|floor|fl|[0-9]\w*)(?: |$))"
)


class _Spelling(NamedTuple):
    """What to write for what is found."""

    pattern: re.Pattern[str]
    words: dict[str, str]

    def spell_out(self, text: str) -> str:
        return self.pattern.sub(lambda found: found["before"] + self.words[found["word"]], text)


def normalise_address(raw: str, country: str | None) -> Normalised:
    """Return a street or a town in lower-case ASCII words, abbreviations spelled out; or why there is none.

    Args:
        raw: The street or town as somebody wrote it, on one line or several.
        country: The country, as `country_code` understands it.
    """
    seen = without_invisible(raw)
    if refused := refusal(" ".join(seen.split())):
        return refused
    spellings = _spellings(country_code(country))
    lines = (_spell_out(_words(line), spellings) for line in _LINES.split(transliterated(seen)))
    # Once more: a word may be seen for what it is only when its neighbour is spelled out.
    text = _spell_out(" ".join(line for line in lines if line), spellings)
    return Normalised(text, None) if has_letter(text) else Normalised(None, "no_letters")


def _words(line: str) -> str:
    plain = _NOT_WORDS.sub(" ", _POSSESSIVE.sub("", line)).strip()
    return _NUMBER_AND_LETTER.sub(" ", plain)


def _spell_out(text: str, spellings: tuple[_Spelling, ...]) -> str:
    for spelling in spellings:
        text = spelling.spell_out(text)
    return text


@lru_cache(maxsize=512)
def _spellings(country: str | None) -> tuple[_Spelling, ...]:
    """In the order in which they are tried: `Main St` before `st` is a saint, `v.le` before `v.` is a via."""
    languages = LANGUAGES.get(country or "", ())
    tried = (
        (_AFTER_A_WORD, LAST_WORDS, _AT_LAST),
        (_ANYWHERE, SAINTS, r"(?= [a-z])"),
        (_ANYWHERE, ABBREVIATIONS, r"\b"),
        (_AT_FIRST, FIRST_WORDS, r"(?= [a-z0-9]{2})"),
        (_INSIDE_A_WORD, ENDINGS, r"\b"),
    )
    agreed = ((before, _agreed(words, languages), after) for before, words, after in tried)
    return tuple(_spelling(before, words, after) for before, words, after in agreed if words)


def _agreed(words: dict[str, dict[str, str]], languages: tuple[str, ...]) -> dict[str, str]:
    """The abbreviations of `languages` that mean the same in each of them that has it."""
    meanings: dict[str, set[str]] = {}
    for language in languages:
        for short, long in words.get(language, {}).items():
            meanings.setdefault(short, set()).add(long)
    return {short: next(iter(longs)) for short, longs in meanings.items() if len(longs) == 1}


def _spelling(before: str, words: dict[str, str], after: str) -> _Spelling:
    alternatives = "|".join(sorted(words, key=len, reverse=True))
    return _Spelling(re.compile(f"(?P<before>{before})(?P<word>{alternatives}){after}"), words)
