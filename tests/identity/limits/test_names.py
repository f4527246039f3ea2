"""First names: what one person may have written, and what two people are called."""

import pytest

from c360.identity.limits.names import FirstNames, is_initial

ONE_PERSON = [
    ("anna", "anna"),
    ("anna", "a"),
    ("jean luc", "j l"),
    ("jean pierre", "jp"),
    ("jean luc", "jeanluc"),
    ("maria anna", "anna"),
    ("sebastien", "seb"),
    ("tobias", "tobi"),
    ("william", "bill"),
    ("thmoas", "thomas"),
    ("charlotte", "charlote"),
    ("sarah", "sara"),
    ("philip", "phillip"),
    ("katherine", "catherine"),
    ("jean luc", "jaen luc"),
    ("mohamed", "mhmd"),
    ("nadia", "ndyh"),
    ("youssef", "ywsf"),
]
TWO_PEOPLE = [
    ("anna", "bert"),
    ("anna", "alain"),
    ("b", "anna"),
    ("paul", "paula"),
    ("paul", "pauline"),
    ("jean", "jeanne"),
    ("daniel", "daniela"),
    ("mario", "maria"),
    ("alexandre", "alexandra"),
    ("frederic", "frederique"),
    ("julien", "julienne"),
    ("gabriel", "gabrielle"),
    ("lena", "lina"),
    ("said", "souad"),
    ("mhmd", "ahmed"),
    ("marta", "maria"),
    ("jean luc", "jean marc"),
    ("a b c d e f", "f e d c b z"),
]


@pytest.mark.parametrize(("left", "right"), ONE_PERSON)
def test_a_person_may_write_a_name_in_many_ways(left: str, right: str) -> None:
    """Initials, short forms, nicknames, swapped letters and other spellings do not tell people apart."""
    assert FirstNames().may_be_one(left, right)
    assert FirstNames().may_be_one(right, left)


@pytest.mark.parametrize(("left", "right"), TWO_PEOPLE)
def test_names_that_are_near_are_still_two_people(left: str, right: str) -> None:
    """Another name is another person, also where it is a letter away or the other gender's form."""
    assert not FirstNames().may_be_one(left, right)
    assert not FirstNames().may_be_one(right, left)


def test_what_was_learned_is_believed() -> None:
    """Variants found in the data count, whole or as a part, and so do names found to be different."""
    names = FirstNames(variants=[("titi", "etienne")], different=[("thomas", "thmoas")])

    assert names.may_be_one("etienne", "titi")
    assert names.may_be_one("jean etienne", "titi")
    assert not names.may_be_one("thmoas", "thomas")
    assert not FirstNames().may_be_one("etienne", "titi")


def test_only_initials_are_initials() -> None:
    """A name with one written part tells more than initials do."""
    assert all(map(is_initial, ["j", "j l"]))
    assert not any(map(is_initial, ["jo", "jean l"]))
