"""The tables of abbreviations."""

import pytest

from c360.privacy.addresses import ABBREVIATIONS, ENDINGS, FIRST_WORDS, LANGUAGES, LAST_WORDS, SAINTS, normalise_address
from c360.privacy.countries import is_country_code
from c360.privacy.text import transliterated

TABLES = (ABBREVIATIONS, ENDINGS, FIRST_WORDS, LAST_WORDS, SAINTS)


def test_every_language_is_spoken_somewhere() -> None:
    """Tables and countries name the same languages."""
    assert {language for table in TABLES for language in table} == {one for all_ in LANGUAGES.values() for one in all_}
    assert all(is_country_code(code) for code in LANGUAGES)


@pytest.mark.parametrize("language", sorted({language for table in TABLES for language in table}))
def test_nothing_spelled_out_is_an_abbreviation(language: str) -> None:
    """Spelling out comes to an end, in any order, and gives folded words."""
    short = {word for table in TABLES for word in table.get(language, {})}
    long = {word for table in TABLES for word in table.get(language, {}).values()}

    assert short
    assert not short & long
    assert all(transliterated(word) == word for word in short | long)


@pytest.mark.parametrize("line", ["Main St, Springfield", "Main St\nSpringfield", "Main St; Springfield"])
def test_a_line_ends_where_it_is_broken(line: str) -> None:
    """Commas, semicolons and line breaks end a line, so that a street at its end is seen."""
    assert normalise_address(line, "US").value == "main street springfield"


def test_two_languages_that_disagree_leave_a_word_alone() -> None:
    """In Belgium `pl` is a place or a plein, in France a place; `av` is an avenue in both."""
    assert normalise_address("pl. Flagey, av. Louise", "BE").value == "pl flagey avenue louise"
    assert normalise_address("pl. Flagey, av. Louise", "FR").value == "place flagey avenue louise"


def test_what_is_seen_only_after_its_neighbour_is_spelled_out_at_once() -> None:
    """A second `r` is a street only once the one after it is: the form is still its own form."""
    form = normalise_address("5 r r Foch", "FR")

    assert form == ("5 rue rue foch", None)
    assert normalise_address("5 rue rue foch", "FR") == form
