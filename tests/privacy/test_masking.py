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


@given(st.text(min_size=7), st.text())
def test_little_of_any_value_is_shown(first: str, second: str) -> None:
    """Of no value are more than two letters shown, and the four of an address's last part."""
    assert len(masked(first + second).replace("***", "")) <= 2
    assert len(masked(f"{first}@{second}").replace("***", "")) <= 8


def test_values_of_one_beginning_look_alike() -> None:
    """What is shown does not tell how long a value is."""
    assert masked("Lovelace") == masked("Lovell") == masked("Liu")
