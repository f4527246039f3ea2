"""Each platform's form of each field, by its own rule."""

import pytest

from c360.destinations.google_ads import identifiers as google_ads
from c360.destinations.meta import identifiers as meta


@pytest.mark.parametrize(
    ("raw", "google_form", "meta_form"),
    [
        ("  Ana.Lopez+Spring@GoogleMail.com ", "analopez@googlemail.com", "ana.lopez+spring@googlemail.com"),
        ("A.N.A+x+y@gmail.com", "ana@gmail.com", "a.n.a+x+y@gmail.com"),
        ("Ana.Lopez+Spring@example.org", "ana.lopez+spring@example.org", "ana.lopez+spring@example.org"),
        ("a.na@mail.gmail.com", "a.na@mail.gmail.com", "a.na@mail.gmail.com"),
        ("a.na@gmail.com.example.org", "a.na@gmail.com.example.org", "a.na@gmail.com.example.org"),
        ("ana lopez@example.org", "analopez@example.org", None),
        ("an..a@gmail.com", "ana@gmail.com", None),
        ("+x@gmail.com", None, "+x@gmail.com"),
        ("ana@@example.org", None, None),
        ("", None, None),
    ],
)
def test_email(raw: str, google_form: str | None, meta_form: str | None) -> None:
    """Google drops all whitespace and, at exactly its own two domains, dots and tags; Meta keeps everything."""
    assert google_ads.email(raw).value == google_form
    assert meta.email(raw).value == meta_form


@pytest.mark.parametrize(
    ("raw", "country", "digits"),
    [
        ("+33612345678", "FR", "33612345678"),
        ("+33612345678", "", "33612345678"),
        ("06 12 34 56 78", "FR", "33612345678"),
        ("02 1234 5678", "IT", "390212345678"),
        ("07700 900123", "GB", "447700900123"),
        ("44 7700 900123", "", "447700900123"),
        ("\u0660\u0666\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", "FR", "33612345678"),
        ("06 12 34 56 78 x450", "FR", "33612345678"),
        ("06 12 34 56 78", "", None),
        ("+0000000000", "", None),
        ("+12345678901234567", "", None),
        ("3.3612345678E+10", "FR", None),
        ("12", "", None),
    ],
)
def test_phone(raw: str, country: str, digits: str | None) -> None:
    """Google has a plus sign where Meta has none; a national number needs a country; nothing is guessed."""
    assert google_ads.phone(raw, country).value == (digits and f"+{digits}")
    assert meta.phone(raw, country).value == digits


def test_phone_of_meta_forgives_what_its_rule_removes() -> None:
    """Letters and the zeros of an international prefix go; Google takes digits only."""
    assert meta.phone("0033 612345678b").value == "33612345678"
    assert google_ads.phone("0033 612345678b").value is None


@pytest.mark.parametrize(
    ("raw", "google_form", "meta_form"),
    [
        (" Mrs. Ana ", "ana", "mrs ana"),
        ("Dr Ana", "ana", "dr ana"),
        ("Ana, Dr.", "ana", "ana dr"),
        ("Mr.", None, "mr"),
        ("Drew", "drew", "drew"),
        ("Marie  Claire", "marie claire", "marie claire"),
        ("Jean-Luc", "jeanluc", "jeanluc"),
        ("Vale\u0301ry", "val\u00e9ry", "val\u00e9ry"),
        ("\u674e", "\u674e", "\u674e"),
        ("-", None, None),
    ],
)
def test_first_name(raw: str, google_form: str | None, meta_form: str | None) -> None:
    """Lower case without punctuation, accents composed and kept; only Google asks for no titles."""
    assert google_ads.first_name(raw).value == google_form
    assert meta.first_name(raw).value == meta_form


@pytest.mark.parametrize(
    ("raw", "google_form"),
    [
        ("Garc\u00eda, Jr.", "garc\u00eda"),
        ("Smith III", "smith"),
        ("Smith, MD, Ph.D.", "smith"),
        ("Vi", "vi"),
        ("Sridhar", "sridhar"),
        ("O\u2019Neill", "oneill"),
        (", Jr.", None),
    ],
)
def test_last_name_at_google(raw: str, google_form: str | None) -> None:
    """Suffixes go, however many, but not a name that happens to be one."""
    assert google_ads.last_name(raw).value == google_form


@pytest.mark.parametrize(
    ("raw", "country", "google_form", "meta_form"),
    [
        (" 94045-1234 ", "US", "94045-1234", "94045"),
        ("940451234", "US", "940451234", "94045"),
        ("4045", "US", None, None),
        ("SW1A 1AA", "GB", "SW1A 1AA", "sw1a1"),
        ("sw1a1", "GB", "sw1a1", "sw1a1"),
        ("not a postcode", "GB", "not a postcode", None),
        ("75 001", "FR", "75 001", "75001"),
        ("1229-076", "PT", "1229-076", "1229076"),
        ("94045-1234", "", "94045-1234", "94045"),
        ("", "FR", None, None),
    ],
)
def test_postal_code(raw: str, country: str, google_form: str | None, meta_form: str | None) -> None:
    """Google takes it as written; Meta the first five digits in the US and the sector in the UK."""
    assert google_ads.postal_code(raw, country).value == google_form
    assert meta.postal_code(raw, country).value == meta_form


@pytest.mark.parametrize(
    ("raw", "code"), [(" fr ", "FR"), ("FR", "FR"), ("France", None), ("F2", None), ("XX", None), ("", None)]
)
def test_country_code(raw: str, code: str | None) -> None:
    """Two letters that are a country: upper case at Google, lower case at Meta."""
    assert google_ads.country_code(raw).value == code
    assert meta.country_code(raw).value == (code and code.lower())


def test_every_refusal_has_a_reason() -> None:
    """A value is absent for a reason that can be counted; an empty field is only empty."""
    assert google_ads.email("@gmail.com").reason == "malformed"
    assert google_ads.first_name("Mr.").reason == "malformed"
    assert google_ads.country_code("France").reason == "unknown_country"
    assert meta.phone("0612345678").reason == "no_country"
    assert meta.postal_code("1", "US").reason == "malformed"
    assert {meta.email("").reason, meta.customer_id("").reason, google_ads.postal_code(" ").reason} == {"empty"}
