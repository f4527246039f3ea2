"""Dates of birth, in the spellings in which tables of people hold them, as `1956-04-09`.

What has the shape of a date is kept although no calendar has it: `1973-80-13` is a typing error, and its digits are
still compared. `1900-00-00` is none: it stands for nothing known.
"""

import re
from collections.abc import Iterable
from functools import partial

from c360.privacy.normalise import NormalForms
from c360.privacy.normalised import Normalised
from c360.privacy.plain_shapes import PlainShape
from c360.privacy.text import refusal, transliterated, visible

_TIME = re.compile(r"[ t]\d{1,2}:\d{2}.*")
_YEAR_FIRST = re.compile(r"(\d{4})([-/. ]?)(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_DAY_AND_NAME = re.compile(r"(\d{1,2})[-/. ]*([a-z]{3,})[-/. ,]*(\d{4})")
_NAME_AND_DAY = re.compile(r"([a-z]{3,})[-/. ]*(\d{1,2})[-/. ,]*(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_COUNT = 12


def birth_date_forms(values: Iterable[str]) -> NormalForms:
    """How the dates of one column are normalised, given its values: they tell whether 04/09 is in April.

    The month comes first when no value has a number above 12 there and some value has one in second place.
    """
    found = [(int(match[1]), int(match[2])) for value in values if (match := _YEAR_LAST.fullmatch(_bare(value)))]
    month_first = any(second > _MONTH_COUNT for _, second in found) and all(first <= _MONTH_COUNT for first, _ in found)
    normalise = partial(normalise_birth_date, month_first=month_first)
    return NormalForms({"normalised": lambda raw, _: normalise(raw)}, _plain)


def normalise_birth_date(raw: str, *, month_first: bool = False) -> Normalised:
    """Return a date as `1956-04-09`, or why there is none.

    Args:
        raw: The date as somebody wrote it; a time after it goes. Months may be English names.
        month_first: Whether `04/09/1956` is in April.
    """
    text = _bare(raw)
    if refused := refusal(text):
        return refused
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(match[1], match[3], match[4])
    if match := _YEAR_LAST.fullmatch(text):
        return _date(match[3], match[1], match[2]) if month_first else _date(match[3], match[2], match[1])
    if match := _DAY_AND_NAME.fullmatch(text):
        return _date(match[3], _month(match[2]), match[1])
    if match := _NAME_AND_DAY.fullmatch(text):
        return _date(match[3], _month(match[1]), match[2])
    return Normalised(None, "malformed")


def _bare(raw: str) -> str:
    return _TIME.sub("", transliterated(visible(raw)))


def _month(name: str) -> str | None:
    return str(_MONTHS.index(name[:3]) + 1) if name[:3] in _MONTHS else None


def _date(year: str, month: str | None, day: str) -> Normalised:
    if month is None or not int(year) or not (int(month) or int(day)):
        return Normalised(None, "malformed")
    return Normalised(f"{year}-{month:0>2}-{day:0>2}", None)


def _plain() -> PlainShape:
    is_plain = "regexp_full_match(raw, '[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])')"
    return PlainShape(f"case when {is_plain} then raw end", "true", ("candidate",))
