"""What can be seen, what stands for nothing, what looks like a digest."""

import unicodedata

import pytest

from c360.privacy.text import (
    is_placeholder,
    looks_hashed,
    transliterated,
    visible,
    without_invisible,
    without_punctuation,
)


def test_no_character_that_cannot_be_seen_is_left() -> None:
    """Controls, formats, lone surrogates, fillers and variation selectors go, whitespace is one space, letters stay."""
    every = [chr(code) for code in range(0x110000)]
    hidden = [c for c in every if unicodedata.category(c) in ("Cc", "Cf", "Cs") and not c.isspace()]
    hidden += ["\u034f", "\u115f", "\u2800", "\u3164", "\ufe0f", "\uffa0", "\U000e0100"]

    assert len(hidden) > 2000
    assert [ascii(c) for c in hidden if visible(f"a{c}b") != "ab"] == []
    assert [ascii(c) for c in every if c.isspace() and visible(f" a{c}{c}b{c}") != "a b"] == []


def test_what_was_composed_over_something_hidden_is_composed() -> None:
    """Removing comes before composing, so that the result is in NFC."""
    assert visible("e\u200b\u0301") == "\u00e9"


def test_joiners_stay_where_they_are_asked_for() -> None:
    """An e-mail keeps what its domain may need."""
    assert without_invisible("\u0646\u200c\u0647\u200b", kept="\u200c") == "\u0646\u200c\u0647"


@pytest.mark.parametrize(
    "text", ["-", ".", "--", "n/a", "N/A", "#N/A", "<n/d>", "xxx", "X.X", "Unknown", "(blank)", "?!"]
)
def test_what_stands_for_nothing_is_a_placeholder(text: str) -> None:
    """Dashes, crosses and words for nothing."""
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text", ["Null", "None", "NaN", "Na", "X", "Xavier", "Max", "0", "Blankenship", "x" * 20 + "y"]
)
def test_names_of_people_are_no_placeholders(text: str) -> None:
    """A short or unlucky name is a name."""
    assert not is_placeholder(text)


def test_only_the_lengths_of_digests_look_hashed() -> None:
    """A short hex word is not a digest."""
    assert looks_hashed("d41d8cd98f00b204e9800998ecf8427e")
    assert looks_hashed("uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=")
    assert not looks_hashed("deadbeef")


def test_alphabets_meet_in_ascii() -> None:
    """Every letter becomes lower-case ASCII, pictures become spaces."""
    assert transliterated("Stra\u00dfe \u0391\u03b8\u03ae\u03bd\u03b1 \U0001f495") == "strasse athina  "
    assert all(transliterated(chr(code)).isascii() for code in range(0x20, 0xD800))


def test_punctuation_goes_in_any_script() -> None:
    """Punctuation and symbols go, letters with accents and of any script stay."""
    assert without_punctuation("O\u2019Brien-Garc\u00eda $ \u674e\u3001\u96f7") == "OBrienGarc\u00eda  \u674e\u96f7"
