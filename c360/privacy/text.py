"""What text of any kind is made of: what can be seen, what stands for nothing, what two alphabets share."""

import re
import unicodedata

from anyascii import anyascii

from c360.privacy.normalised import Normalised

PLACEHOLDER_WORDS = frozenset({
    "anonyme", "anonymous", "blank", "desconhecido", "desconocida", "desconocido", "inconnu", "inconnue",
    "nonrenseigne", "nonrenseignee", "notapplicable", "notavailable", "notprovided", "onbekend", "sconosciuta",
    "sconosciuto", "unbekannt", "undefined", "unknown",
})  # fmt: skip
"""Words, folded and without spaces, that nobody is called. `Null`, `None` and `NaN` are names of people."""

_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
# Ignorable in comparison by Unicode although marks or letters: joiners, fillers, variation selectors, a blank braille.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_LOST = "\ufffd"
_HEX_DIGEST = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})", re.IGNORECASE)
_BASE64_SHA256 = re.compile(r"[A-Za-z0-9+/]{43}=")
_NOT_AVAILABLE = re.compile(r"[<\[(#]*n\s*[/\\]\s*[acdr]\.?[>\])]*", re.IGNORECASE)
_CROSSED_OUT = re.compile(r"x{2,}")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_LONGEST_PLACEHOLDER = 24


def without_invisible(text: str, kept: str = "") -> str:
    """Return `text` in NFC without control, format and filler characters, except whitespace and those of `kept`.

    So a direction override, a zero-width space, a soft hyphen, NUL and half a surrogate pair go.
    """
    if text.isascii() and text.isprintable():
        return text
    seen = _INVISIBLE.sub("", text)
    if not seen.isprintable():
        seen = "".join(
            c for c in seen if c in kept or c.isspace() or unicodedata.category(c) not in _INVISIBLE_CATEGORIES
        )
    return unicodedata.normalize("NFC", seen)


def visible(text: str) -> str:
    """Return what can be seen of `text`: as `without_invisible`, trimmed, each run of whitespace one space."""
    return " ".join(without_invisible(text).split())


def refusal(text: str) -> Normalised | None:
    """Return why visible text of any kind holds no value, or None when it may hold one."""
    if not text:
        return Normalised(None, "empty")
    if _LOST in text:
        return Normalised(None, "garbled")
    if is_placeholder(text):
        return Normalised(None, "placeholder")
    if looks_hashed(text):
        return Normalised(None, "looks_hashed")
    return None


def is_placeholder(text: str) -> bool:
    """Tell whether `text` stands for nothing: neither letter nor digit, `n/a`, a row of x, or a word for it."""
    if len(text) > _LONGEST_PLACEHOLDER:
        return not any(map(str.isalnum, text))
    letters = _NOT_ALPHANUMERIC.sub("", transliterated(text))
    return (
        not any(map(str.isalnum, text))
        or letters in PLACEHOLDER_WORDS
        or bool(_CROSSED_OUT.fullmatch(letters))
        or bool(_NOT_AVAILABLE.fullmatch(text))
    )


def looks_hashed(text: str) -> bool:
    """Tell whether `text` has the shape of an MD5, SHA-1, SHA-256 or SHA-512 digest in hex, or of a base64 SHA-256."""
    return bool(_HEX_DIGEST.fullmatch(text) or _BASE64_SHA256.fullmatch(text))


def has_letter(text: str) -> bool:
    """Tell whether `text` holds a letter of any alphabet."""
    return any(map(str.isalpha, text))


def transliterated(text: str) -> str:
    """Return `text` in lower-case ASCII: accents off, `ß` as `ss`, other alphabets by their usual romanisation.

    Symbols, pictures among them, become spaces; punctuation and digits stay.
    """
    if text.isascii():
        return text.lower()
    letters = "".join(" " if unicodedata.category(c) in ("Sc", "Sm", "So") else c for c in text)
    return anyascii(letters).lower()


def without_punctuation(text: str) -> str:
    """Return `text` without the characters that Unicode calls punctuation or symbols."""
    return "".join(character for character in text if unicodedata.category(character)[0] not in "PS")
