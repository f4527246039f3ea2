"""What SQL calls plain has exactly the normal form that the library gives it."""

import unicodedata
from collections.abc import Sequence

import duckdb
import phonenumbers
import pyarrow as pa
import pytest
from anyascii import anyascii
from hypothesis import given, settings
from hypothesis import strategies as st

from c360.privacy.normalise import NORMAL_FORMS
from c360.privacy.plain_shapes import ACCENTED, FIVE_DIGITS, FOUR_DIGITS, PLAIN_NUMBERING_PLANS

Value = tuple[str, str | None]
ENGINE = duckdb.connect(config={"threads": 1})


def forms_in_sql(personal: str, values: Sequence[Value]) -> list[tuple[str | None, ...]]:
    """The forms of each value, of which none has any when it is not plain."""
    plain = NORMAL_FORMS[personal].plain()
    forms = ", ".join(f"case when {plain.condition} then {form} end" for form in plain.forms)
    written = pa.table(
        [pa.array([raw for raw, _ in values], pa.string()), pa.array([country for _, country in values], pa.string())],
        ["raw", "country"],
    )
    ENGINE.register("written", written)
    return ENGINE.sql(f"select {forms} from (select *, {plain.candidate} as candidate from written)").fetchall()


def assert_equal_where_plain(personal: str, values: Sequence[Value]) -> int:
    """How many of the values are plain."""
    functions = NORMAL_FORMS[personal].functions.values()
    found = list(zip(values, forms_in_sql(personal, values), strict=True))
    plain = [(value, forms) for value, forms in found if forms[0] is not None]
    wrong = [value for value, forms in plain if forms != tuple(function(*value).value for function in functions)]

    assert wrong == []
    return len(plain)


PLAIN = {
    "email": {"Ana.Lopez+Shop@Example.com": None, "a_b-c@shop.example.co.uk": None, " 1@2.fr  ": None},
    "phone": {
        "06 12 34 56 78": "FR", "+33 6.12.34.56.78": None, " 612345678 ": "ES", "3123456789": "IT",
        "07400-123456": "GB", "01 44 55 66 77": "FR",
    },
    "name": {"Zo\u00eb": None, "Jean-Luc O'Brien": None, "D\u2019Angelo": None, "\u0130pek": None, "Max": None},
    "address": {"12 rue de la R\u00e9publique": "FR", "14, chemin de l'\u00c9glise": None, "Paris 08": "FR"},
    "postal_code": {"01000": "FR", "1000": "BE"},
}  # fmt: skip
NOT_PLAIN = {
    "email": {"ana@example.test": None, "a..b@example.com": None, "ana@xn--bcher-kva.de": None, "a@b-.com": None},
    "phone": {
        "06 12 34 56 78": "fr", "061234567.0": "FR", "+33 06 12 34 56 78": "FR", "0033612345678": "FR",
        "6 12 34 56 78": "FR",
    },
    "name": {"xxx": None, "X-x": None, "Unknown": None, "\u0141ukasz": None, "Zoe\u0308": None, "a  b": None},
    "address": {"12bis rue Foch": "FR", "av Foch": "FR", "Hauptstr 5": "DE", "rue12b": "FR", "12": "FR"},
    "postal_code": {"1000": "FR", "75001": None, "75002": "fr", "SW1A 1AA": "GB"},
}  # fmt: skip


@pytest.mark.parametrize("personal", NORMAL_FORMS)
def test_plain_values_never_meet_python(personal: str) -> None:
    """The shapes of most values are plain, and their forms are right."""
    assert assert_equal_where_plain(personal, list(PLAIN[personal].items())) == len(PLAIN[personal])


@pytest.mark.parametrize("personal", NORMAL_FORMS)
def test_what_is_not_plain_is_left_to_python(personal: str) -> None:
    """Whatever needs a second look has no form in SQL."""
    assert [forms for forms in forms_in_sql(personal, list(NOT_PLAIN[personal].items())) if any(forms)] == []


def many(*words: str, most: int = 6) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(words), min_size=1, max_size=most).map("".join)


def numbers() -> st.SearchStrategy[str]:
    """Mobile numbers of the plans with their last digits changed, as dialled anywhere, with separators anywhere."""
    mobile = [
        (phonenumbers.country_code_for_region(region), phonenumbers.example_number_for_type(region, 1).national_number)
        for region in PLAIN_NUMBERING_PLANS
    ]
    prefixes = st.sampled_from(["", "0", "+{}", "+{}0", "00{}", "{}"])
    tails = st.from_regex(r"[0-9]{5}", fullmatch=True)
    gaps = st.lists(st.sampled_from(["", "", "", " ", ".", "-", "  "]), min_size=18, max_size=18)
    ends = st.sampled_from(["", "", "", ".0", ".00", " ", "-1"])
    return st.builds(_number, st.sampled_from(mobile), prefixes, tails, gaps, ends)


def _number(plan: tuple[int, int], prefix: str, tail: str, gaps: list[str], end: str) -> str:
    digits = prefix.format(plan[0]) + str(plan[1])[: -len(tail)] + tail
    return "".join(digit + gap for digit, gap in zip(digits, gaps, strict=False)) + end


def emails() -> st.SearchStrategy[str]:
    """What is almost an address in ASCII."""
    names = many("a", "B", "1", ".", "_", "+", "-")
    domains = many("a", "1", "-", ".", "X")
    endings = st.sampled_from(["com", "FR", "test", "c1", "x"])
    spaces = st.sampled_from(["", "", " ", "\u00a0"])
    return st.tuples(spaces, names, st.just("@"), domains, st.just("."), endings, spaces).map("".join)


WRITTEN = {
    "email": emails(),
    "phone": st.one_of(numbers(), st.from_regex(r"\+?[0-9 .-]{6,15}", fullmatch=True)),
    "name": many(
        "a", "x", "X", "\u00c9", "\u00f1", "\u0130", "\u0142", " ", "-", "'", "\u2019", "n", "/", "unknown", "\u0301",
    ),
    "address": many(
        "12", "bis", "b", "av", "rue", "l'", "\u00c9glise", "St", "Hauptstr", "x", "unknown", "s", "r", "v", "le", "p",
        "za", " ", ", ", ". ", "-", "n", most=9,
    ),
    "postal_code": st.from_regex(r"[0-9]{3,6}", fullmatch=True),
}  # fmt: skip
COUNTRIES = st.sampled_from([*PLAIN_NUMBERING_PLANS, *FIVE_DIGITS, *FOUR_DIGITS, "CA", "fr", None])


@pytest.mark.parametrize("personal", NORMAL_FORMS)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_sql_and_the_library_agree(personal: str, data: st.DataObject) -> None:
    """Whatever is written, a form in SQL is the form of the library."""
    assert_equal_where_plain(personal, data.draw(st.lists(st.tuples(WRITTEN[personal], COUNTRIES), min_size=20)))


def test_every_range_of_every_plan_agrees() -> None:
    """Beginnings all over each plan, with ends of every length, as dialled in the country and from abroad."""
    values = [
        (f"{prefix}{start:04}{'1234567'[:length]}", region)
        for region in PLAIN_NUMBERING_PLANS
        for prefix in ("", "0", f"+{phonenumbers.country_code_for_region(region)}")
        for start in range(0, 10_000, 7)
        for length in range(2, 8)
    ]

    assert assert_equal_where_plain("phone", values) > 1000


def test_accents_come_off_as_in_python() -> None:
    """Each accented letter that may stand in a plain value is its plain letter in both, and composed already."""
    stripped = [ENGINE.execute("select strip_accents(?)", [letter]).fetchall()[0][0] for letter in ACCENTED]

    assert len(ACCENTED) > 150
    assert stripped == [anyascii(letter) for letter in ACCENTED]
    assert unicodedata.is_normalized("NFC", ACCENTED)


@pytest.mark.parametrize(("countries", "digits"), [(FIVE_DIGITS, 5), (FOUR_DIGITS, 4)])
def test_every_code_of_digits_is_a_code(countries: tuple[str, ...], digits: int) -> None:
    """In these countries any digits of that length are a code as they stand."""
    codes = [(f"{number:0{digits}}", country) for country in countries for number in range(0, 10**digits, 97)]

    assert assert_equal_where_plain("postal_code", codes) == len(codes)
