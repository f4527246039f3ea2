"""Names of people: as they are written, and in the one form in which they are compared.

The written form keeps its case, because no rule gives back `McDonald` or `van der Berg` once it is lost, and its
accents, because they are part of a name. Whoever compares takes the folded form.
"""

import re

from c360.privacy.normalised import Normalised
from c360.privacy.text import has_letter, is_placeholder, refusal, transliterated, visible

_APOSTROPHES = re.compile(r"['`]")
_NOT_LETTERS = re.compile(r"[^a-z]+")


def normalise_name(raw: str) -> Normalised:
    """Return a name in NFC with single spaces, without what cannot be seen, its case kept; or why there is none."""
    text = visible(raw)
    if refused := refusal(text):
        return refused
    return Normalised(text, None) if has_letter(text) else Normalised(None, "no_letters")


def fold_name(raw: str) -> Normalised:
    """Return a name in lower-case letters a to z and single spaces, or why there is none.

    Apostrophes go (`O'Brien` is `obrien`), hyphens and all else become a space (`Jean-Luc` is `jean luc`). Alphabets
    meet in their romanisation, which for Arabic and Hebrew has no short vowels: equal is a hint, not a proof.
    """
    written = normalise_name(raw)
    if written.value is None:
        return written
    folded = _NOT_LETTERS.sub(" ", _APOSTROPHES.sub("", transliterated(written.value))).strip()
    if not folded:
        return Normalised(None, "no_letters")
    return Normalised(None, "placeholder") if is_placeholder(folded) else Normalised(folded, None)
