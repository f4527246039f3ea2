"""Dates of birth: usual spellings meet, typing errors stay comparable, what is no date is none."""

import pytest

from c360.identity.record_files.birth_dates import birth_date_forms, normalise_birth_date


@pytest.mark.parametrize(
    "written",
    [
        "1956-04-09", "19560409", "1956/4/9", "1956.04.09", "09/04/1956", "9.4.1956", "09-04-1956", "9 April 1956",
        "09-Apr-1956", "Apr 9, 1956", "april 9 1956", " 1956-04-09 ", "1956-04-09 00:00:00", "1956-04-09T00:00:00Z",
    ],
)  # fmt: skip
def test_usual_spellings_meet(written: str) -> None:
    """One day has one normal form, which is its own."""
    normal = normalise_birth_date(written).value

    assert normal == "1956-04-09"
    assert normalise_birth_date(normal).value == normal


@pytest.mark.parametrize("written", ["1973-80-13", "19738013", "13/80/1973"])
def test_a_typing_error_is_still_compared(written: str) -> None:
    """What no calendar has keeps its digits."""
    assert normalise_birth_date(written).value == "1973-80-13"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "empty"), ("n/a", "placeholder"), ("0000-00-00", "malformed"), ("1900-00-00", "malformed"),
        ("1956", "malformed"), ("9/4/56", "malformed"), ("soon", "malformed"), ("9 Foo 1956", "malformed"),
    ],
)  # fmt: skip
def test_what_is_no_date_says_why(written: str, reason: str) -> None:
    """Nothing is guessed, least of all a century."""
    assert normalise_birth_date(written) == (None, reason)


@pytest.mark.parametrize(
    ("others", "expected"),
    [([], "1956-04-09"), (["12/31/1999"], "1956-09-04"), (["31/12/1999", "12/31/1999"], "1956-04-09")],
)
def test_the_column_tells_which_part_is_the_month(others: list[str], expected: str) -> None:
    """`09/04` is in September where the column's other values can only be read so."""
    normalise = birth_date_forms(["09/04/1956", *others]).functions["normalised"]

    assert normalise("09/04/1956", None).value == expected
