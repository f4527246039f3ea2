"""Countries as people write them."""

import pytest

from c360.privacy.countries import country_code, dialling_region, is_country_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("FR", "FR"),
        (" fr ", "FR"),
        ("FRA", "FR"),
        ("France", "FR"),
        ("FRANCE\u200b", "FR"),
        ("Allemagne", "DE"),
        ("Frankreich", "FR"),
        ("\u00c9tats-Unis", "US"),
        ("Etats Unis", "US"),
        ("\u0420\u043e\u0441\u0441\u0438\u044f", "RU"),
        ("\u65e5\u672c", "JP"),
        ("The Netherlands", "NL"),
        ("U.S.A.", "US"),
        ("UK", "GB"),
        ("+33", "FR"),
        ("0033", "FR"),
    ],
)
def test_one_country_however_it_is_written(written: str, code: str) -> None:
    """Codes of two and three letters, names in many languages, and a calling code of one country alone."""
    assert country_code(written) == code
    assert dialling_region(written) == code


@pytest.mark.parametrize(
    "written", [None, "", "XX", "EUR", "33", "250", "Congo", "Europe", "Atlantis", "YU", "AN", "XK", "+999", "+0", "-"]
)
def test_no_country_is_guessed(written: str | None) -> None:
    """Bare numbers, dissolved and shared names, regions that are no country, and nonsense are none."""
    assert country_code(written) is None
    assert dialling_region(written) is None


@pytest.mark.parametrize(("written", "region"), [("+1", "US"), ("+44", "GB"), ("+7", "RU")])
def test_a_shared_calling_code_dials_but_is_no_country(written: str, region: str) -> None:
    """Numbers under one calling code are dialled alike; a postal code has no meaning there."""
    assert country_code(written) is None
    assert dialling_region(written) == region


def test_a_country_code_is_iso() -> None:
    """Names, unknown codes and codes of the telephone world alone are not country codes."""
    assert is_country_code("FR")
    assert not any(is_country_code(code) for code in ["fr", "France", "XX", "AC", "U2", ""])
