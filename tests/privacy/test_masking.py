"""Masking: what is shown of a personal value lets nobody learn it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from c360.privacy.masking import masked


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("ada.lovelace@example.com", "a***@e***.com"),
        ("a@b.co", "***@***.co"),
        ("+33612345678", "***78"),
        ("1956-04-09", "***09"),
        ("75011", "***11"),
        ("42", "***"),
        ("Lovelace", "L***"),
        ("Al", "***"),
        ("12 rue de la gare", "1***"),
        ("", "***"),
    ],
)
def test_a_trace_is_left(value: str, shown: str) -> None:
    """Who knows the value recognises it, who does not cannot tell even how long it is."""
    assert masked(value) == shown


@given(st.text(st.characters(exclude_characters="@"), min_size=7))
def test_two_letters_of_a_value_are_shown(value: str) -> None:
    """Of no value without an address's sign are more than two letters shown."""
    assert len(masked(value).replace("***", "")) <= 2


@given(st.text(), st.text())
def test_little_of_an_address_is_shown(local: str, domain: str) -> None:
    """Of whatever holds an address's sign, two letters and its last part of four are shown."""
    assert len(masked(f"{local}@{domain}").replace("***", "")) <= 8


def test_values_of_one_beginning_look_alike() -> None:
    """What is shown does not tell how long a value is."""
    assert masked("Lovelace") == masked("Lovell") == masked("Liu")
