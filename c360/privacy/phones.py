"""Phone numbers as E.164, by the numbering plans of the library `phonenumbers`."""

import re
import unicodedata
from collections.abc import Callable

import phonenumbers

from c360.privacy.countries import dialling_region
from c360.privacy.normalised import Normalised
from c360.privacy.text import refusal, visible

_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d+", re.IGNORECASE)
_DIAL_CHARACTERS = re.compile(r"\+?[\d\s().\-/\u2010-\u2015\u2212]+")
_LETTERS = re.compile(r"[^\W\d_]")
_LABEL = re.compile(
    r"(?:tel|t\u00e9l|t\u00e9l\u00e9phone|telephone|telefon|telefono|tel\u00e9fono|phone|mobile|mobil|mob|portable|port|gsm"
    r"|cell|handy)\b[\s.:]*",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"\s*(?:;ext=|\b(?:extension|ext|poste|durchwahl|dw|interno|int|anexo|ramal)\b\.?:?|x|#)\s*\d{1,6}$", re.IGNORECASE
)
_WRITTEN_AS_FLOAT = re.compile(r"(\+?\d{6,15})\.0+")
_BETWEEN_NUMBERS = re.compile(r"[,;/|&]|\s(?:or|ou|oder|und|and|et|o|y|e)\s|\s-\s", re.IGNORECASE)
_FEWEST_DIGITS = 7


def normalise_phone(raw: str, country: str | None) -> Normalised:
    """Return a phone number as E.164 (`+33612345678`), or why there is none.

    Digits without a trunk prefix are read by the country's plan as they stand: `612345678` is a French mobile whose 0 a
    spreadsheet ate. Where the 0 belongs to the number, as in Italy, it is not put back.

    Args:
        raw: The number as somebody wrote it. An extension and a label such as `Tel.:` are dropped.
        country: Where a number without a calling code is dialled, as `country_code` understands it; a calling code that
            several countries share (`+1`) will do.
    """
    dialled = _dialled(raw)
    if dialled.value is None:
        return dialled
    number = _by_numbering_plan(dialled.value, dialling_region(country), phonenumbers.is_valid_number)
    return Normalised(None, "several") if number.reason == "invalid_number" and _holds_several(raw) else number


def number_as_dialled(raw: str, country: str | None, *, ignore_letters: bool = False) -> Normalised:
    """Return a number for a platform that has its own rule, or why there is none.

    With a plus sign it is `+` and the digits after it; with a country it is read by that country's numbering plan,
    where only its length must fit; otherwise it is the digits as written. Letters are refused or ignored.
    """
    dialled = _dialled(raw, ignore_letters=ignore_letters)
    if dialled.value is None:
        return dialled
    region = dialling_region(country)
    if dialled.value.startswith("+") or region is None:
        return Normalised(re.sub(r"[^+\d]", "", dialled.value), None)
    return _by_numbering_plan(dialled.value, region, phonenumbers.is_possible_number)


def _dialled(raw: str, *, ignore_letters: bool = False) -> Normalised:
    """The number without label and extension and with ASCII digits, when it holds nothing else than a number may."""
    text = _plain(raw)
    if refused := refusal(text):
        return refused
    if _SCIENTIFIC.fullmatch(text):
        return Normalised(None, "scientific_notation")
    dialled = _EXTENSION.sub("", _without_label(text))
    if ignore_letters:
        dialled = _LETTERS.sub("", dialled)
    if not _DIAL_CHARACTERS.fullmatch(dialled) or not any(map(str.isdigit, dialled)):
        return Normalised(None, _why_not_dialled(_without_label(text)))
    if as_float := _WRITTEN_AS_FLOAT.fullmatch(dialled):
        dialled = as_float[1]
    return Normalised(dialled, None)


def _plain(raw: str) -> str:
    """What can be seen, in compatibility form, with ASCII digits."""
    text = visible(raw)
    if text.isascii():
        return text
    text = visible(unicodedata.normalize("NFKC", text))
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def _without_label(text: str) -> str:
    label = _LABEL.match(text)
    return text[label.end() :] if label else text


def _why_not_dialled(text: str) -> str:
    if _holds_several(text):
        return "several"
    return "has_letters" if _LETTERS.search(text) else "invalid_number"


def _holds_several(text: str) -> bool:
    parts = (re.sub(r"\D", "", part) for part in _BETWEEN_NUMBERS.split(text))
    return sum(len(digits) >= _FEWEST_DIGITS for digits in parts) > 1


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
