"""The documented table of normal forms, and what must hold of every form of every value."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from c360.privacy.normalise import NORMAL_FORMS, REASONS, Normalised
from c360.privacy.text import visible
from c360.sources.contracts.contract import NORMALISED_CLASSES

PAGE = (Path(__file__).parents[2] / "docs" / "privacy-normalisation.md").read_text("utf-8")
COUNTRIES = [
    "FR",
    "GB",
    "DE",
    "IT",
    "ES",
    "NL",
    "BE",
    "CH",
    "CA",
    "US",
    "PL",
    "JP",
    "PT",
    "AE",
    "France",
    "+33",
    "?",
    None,
]


class Row(NamedTuple):
    """A row of the page: what is written, and every form it has with the reason why one is missing."""

    personal: str
    written: str
    country: str | None
    forms: list[str | None]
    reason: str | None


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def value(cell: str) -> str | None:
    return json.loads(cell.strip("`")) if cell else None


def rows() -> list[Row]:
    found = []
    for section in re.split(r"(?m)^## ", PAGE):
        personal = re.match(r"`(\w+)`\n", section)
        lines = [cells(line) for line in section.splitlines() if line.startswith("|")] if personal else []
        for named in (dict(zip(lines[0], line, strict=True)) for line in lines[2:]):
            forms = [value(named[name]) for name in ("normal form", "folded") if name in named]
            reason = named["reason"].strip("`") or None
            written = value(named["written"])
            assert personal
            assert written is not None
            found.append(Row(personal[1], written, value(named.get("country", "")), forms, reason))
    return found


def normalised(personal: str, raw: str, country: str | None) -> list[Normalised]:
    return [normalise(raw, country) for normalise in NORMAL_FORMS[personal].functions.values()]


def test_every_class_and_every_reason_is_on_the_page() -> None:
    """The page has a table for each class, shows every reason happening, and explains each as the code does."""
    explained = dict(re.findall(r"(?m)^\| `(\w+)` \| (.*) \|$", PAGE))

    assert explained == REASONS
    assert {row.personal for row in rows()} == set(NORMAL_FORMS)
    assert {row.reason for row in rows()} == {*REASONS, None}
    assert len(rows()) >= 90


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.personal} {row.written!a} {row.country}")
def test_the_page_is_true(row: Row) -> None:
    """Each row of the page is what the code does."""
    forms = normalised(row.personal, row.written, row.country)

    assert [form.value for form in forms] == row.forms
    assert {form.reason for form in forms} == {row.reason}


def test_contracts_promise_the_forms_there_are() -> None:
    """The columns added in the lake are the forms of each class."""
    assert {personal: tuple(forms.functions) for personal, forms in NORMAL_FORMS.items()} == NORMALISED_CLASSES


def pieces(*words: str) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(st.sampled_from(words), st.text(max_size=3)), max_size=8).map("".join)


WRITTEN = {
    "email": pieces(
        "ana", "@", "example.com", ".", " ", "mailto:", '"', "<", ">", ";", "xn--bcher-kva.de", "\u0130", "\uff20",
        "\u200d", "%40", "\\", "(", ")", "+x", "\u1e9e", "?", "localhost",
    ),
    "phone": pieces(
        "06", "12", "34", "56", "78", "+33", "+39", "0033", " ", "ext", "x", "#", "/", ".0", "e+10", "tel:", "(0)",
        "\u0660", ",",
    ),
    "name": pieces(
        "Zo\u00eb", "x", "X", "-", "'", "n", "/", "a", "unknown", " ", "\u0301", "\u200b", "\u0639", "\u3164", "1",
    ),
    "address": pieces(
        "12", "bis", " ", ", ", "st", "dr", "av", "r", "v", "le", "c/", "str", "Haupt", ".", "'s", "x", "\n", "\u00b2",
        "ste", "\u00df", "apt", "pl", "saint", "n", "/a", "a",
    ),
    "postal_code": pieces("75001", "0", "1", "SW1A", "1AA", "-", " ", ".0", "F-", "CEDEX", "LV-", "D", "AB", "\uff11"),
}  # fmt: skip


def test_there_are_strange_values_for_every_class() -> None:
    """The property below is asked of each class."""
    assert set(WRITTEN) == set(NORMAL_FORMS)


@pytest.mark.parametrize("personal", WRITTEN)
@given(data=st.data(), country=st.sampled_from(COUNTRIES))
@settings(max_examples=300, deadline=None)
def test_exactly_one_of_value_and_reason_and_twice_changes_nothing(
    personal: str, data: st.DataObject, country: str | None
) -> None:
    """A form is a visible value or a known reason, never both, never empty, and it is its own normal form."""
    raw = data.draw(WRITTEN[personal])
    for normalise in NORMAL_FORMS[personal].functions.values():
        form = normalise(raw, country)

        assert (form.value is None) != (form.reason is None)
        assert form.reason is None or form.reason in REASONS
        if form.value is not None:
            assert form.value
            assert form.value == visible(form.value) or personal == "email"
            assert normalise(form.value, country) == form


@given(st.emails())
@example("\u1e9e@example.com")
@example("\u212a@example.com")
def test_every_valid_address_has_a_stable_form(raw: str) -> None:
    """An address that the standard allows is its own normal form after one pass, or is refused with a reason."""
    (form,) = normalised("email", raw, None)

    if form.value is not None:
        assert normalised("email", form.value, None) == [form]
    else:
        assert form.reason in REASONS
