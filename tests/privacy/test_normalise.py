"""Normal forms of e-mails and phones."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from c360.privacy.normalise import (
    Normalised,
    is_country_code,
    looks_hashed,
    normalise_email,
    normalise_phone,
    without_punctuation,
)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  Ana.Lopez+Shop@Example.COM ", "ana.lopez+shop@example.com"),
        ("jose\u0301@example.org", "jos\u00e9@example.org"),
        ("\u0130pek@example.com", "i\u0307pek@example.com"),
        ("a@STRASSE.de", "a@strasse.de"),
        ("a@xn--strae-oqa.de", "a@stra\u00dfe.de"),
    ],
)
def test_an_address_has_one_form(raw: str, expected: str) -> None:
    """Case, outer spaces and Unicode composition do not matter; dots and tags stay."""
    assert normalise_email(raw) == (expected, None)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "empty"),
        (" \t", "empty"),
        ("ana lopez@example.com", "malformed"),
        ("ana@@example.com", "malformed"),
        ("ana@example.com;bea@example.com", "several"),
        ("@example.com", "malformed"),
        ("ana@example", "malformed"),
        ("nobody@example.invalid", "malformed"),
        ("b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9", "looks_hashed"),
        ("B94D27B9934D3E08A52E52D7DA7DABFAC484EFE37A5380EE9088F7ACE2EFCDE9", "looks_hashed"),
        ("uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=", "looks_hashed"),
    ],
)
def test_what_is_not_an_address_is_absent_with_a_reason(raw: str, reason: str) -> None:
    """Nothing is repaired by guessing."""
    assert normalise_email(raw) == (None, reason)


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("06.12.34.56.78", "fr", "+33612345678"),
        ("0033 6 12 34 56 78", "FR", "+33612345678"),
        ("+33 (0)6 12 34 56 78", None, "+33612345678"),
        ("\uff0b\uff13\uff13 6 12 34 56 78", None, "+33612345678"),
        ("0491 570 006", "AU", "+61491570006"),
        ("02 1234 5678", "IT", "+390212345678"),
        ("06 12 34 56 78 ext. 450", "FR", "+33612345678"),
    ],
)
def test_a_number_has_one_form(raw: str, country: str | None, expected: str) -> None:
    """National and international spellings meet in E.164; the Italian trunk zero stays."""
    assert normalise_phone(raw, country) == (expected, None)


@pytest.mark.parametrize(
    ("raw", "country", "reason"),
    [
        ("", "FR", "empty"),
        ("06 12 34 56 78", None, "no_country"),
        ("06 12 34 56 78", "XX", "no_country"),
        ("12345", "FR", "invalid_number"),
        ("+0000000000", None, "invalid_number"),
        ("0612345678 / 0698765432", "FR", "several"),
        ("call me", "FR", "has_letters"),
        ("+", "FR", "placeholder"),
        ("3.36E+10", "FR", "scientific_notation"),
        ("3,3612E10", "FR", "scientific_notation"),
        ("b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9", "FR", "looks_hashed"),
    ],
)
def test_what_is_not_a_number_is_absent_with_a_reason(raw: str, country: str | None, reason: str) -> None:
    """A number that cannot be dialled, or that a spreadsheet has eaten, is not guessed at."""
    assert normalise_phone(raw, country) == (None, reason)


@given(st.one_of(st.text(max_size=40), st.emails()))
@example("\u1e9e@example.com")
@example("\u212a@example.com")
def test_normalising_an_address_twice_changes_nothing(raw: str) -> None:
    """Exactly one of value and reason is there, and a normal form is its own normal form."""
    first = normalise_email(raw)

    assert (first.value is None) != (first.reason is None)
    if first.value is not None:
        assert normalise_email(first.value) == first


@given(
    st.one_of(st.text(max_size=25), st.from_regex(r"\+?[0-9 ().-]{6,16}", fullmatch=True)),
    st.sampled_from(["FR", "IT", None]),
)
def test_normalising_a_number_twice_changes_nothing(raw: str, country: str | None) -> None:
    """Exactly one of value and reason is there, and E.164 is its own normal form without a country."""
    first = normalise_phone(raw, country)

    assert (first.value is None) != (first.reason is None)
    if first.value is not None:
        assert normalise_phone(first.value, None) == first


def test_a_country_code_is_iso() -> None:
    """Names, unknown codes and codes of the telephone world alone are not country codes."""
    assert is_country_code("FR")
    assert not any(is_country_code(code) for code in ["fr", "France", "XX", "AC", "U2", ""])


def test_punctuation_goes_in_any_script() -> None:
    """Punctuation and symbols go, letters with accents and of any script stay."""
    assert without_punctuation("O\u2019Brien-Garc\u00eda $ \u674e\u3001\u96f7") == "OBrienGarc\u00eda  \u674e\u96f7"


def test_a_short_hex_word_is_not_a_digest() -> None:
    """Only the lengths of real digests look like one."""
    assert looks_hashed("d41d8cd98f00b204e9800998ecf8427e")
    assert not looks_hashed("deadbeef")
    assert Normalised(None, "empty") == normalise_email("")
