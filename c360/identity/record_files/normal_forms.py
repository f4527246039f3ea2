"""How a raw column of each kind is normalised before records are compared.

An attribute without a normal form is still compared as folded text where equal text means the same: a postal code
without a country, an e-mail address with a typing error. As an identifier it is not: what is no address ties nobody.
"""

import re
from collections.abc import Callable, Iterable

from c360.identity.record_files.birth_dates import birth_date_forms
from c360.identity.rules import AttributeKind
from c360.privacy.normalise import (
    NORMAL_FORMS,
    NormalForms,
    country_code,
    fold_name,
    normalise_address,
    normalise_email,
    normalise_phone,
    normalise_postal_code,
    number_as_dialled,
)
from c360.privacy.normalised import Normalised
from c360.privacy.plain_shapes import PlainShape, plain_address, plain_email, plain_name, plain_phone
from c360.privacy.text import refusal, transliterated, visible

_FEWEST_DIGITS = 7
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_GENDERS = {
    word: gender
    for gender, words in {
        "female": "f female w woman weiblich frau femme feminin mme mrs ms miss femenino mujer femmina donna vrouw",
        "male": "m male man mannlich maennlich herr homme masculin mr monsieur masculino hombre maschio uomo heer",
    }.items()
    for word in words.split()
}
Normalise = Callable[[str, str | None], Normalised]


def attribute_forms(kind: AttributeKind, values: Iterable[str]) -> NormalForms:
    """How an attribute of this kind is normalised, given the different values of its column."""
    return birth_date_forms(values) if kind == "birth_date" else _ATTRIBUTES[kind]


def identifier_forms(kind: AttributeKind | None) -> NormalForms:
    """How an identifier is normalised: an address and a number by their rules, any other as it is written, trimmed."""
    return _IDENTIFIERS.get(kind or "text", _AS_WRITTEN)


def kind_of_identifier(identifier_type: str, kind_of_column: AttributeKind | None) -> AttributeKind | None:
    """What an identifier is: what the rules call its column, or what its type is called (`email`, `work_phone`)."""
    by_name: tuple[AttributeKind, ...] = ("email", "phone")
    named = next((kind for kind in by_name if identifier_type.lower().endswith(kind)), None)
    return kind_of_column or named


def fold_text(raw: str) -> Normalised:
    """Return words and numbers in lower-case ASCII with single spaces and no punctuation, or why there are none."""
    text = visible(raw)
    if refused := refusal(text):
        return refused
    folded = _NOT_ALPHANUMERIC.sub(" ", transliterated(text)).strip()
    return Normalised(folded, None) if folded else Normalised(None, "no_letters")


def _as_written(raw: str, _: str | None) -> Normalised:
    text = visible(raw)
    return refusal(text) or Normalised(text, None)


def _phone(raw: str, country: str | None) -> Normalised:
    """The number, or as dialled when nobody can know the country: in one table, the same digits are one number."""
    number = normalise_phone(raw, country)
    if number.reason != "no_country":
        return number
    dialled = number_as_dialled(raw, None)
    return dialled if len(dialled.value or "") >= _FEWEST_DIGITS else Normalised(None, "invalid_number")


def _compact(raw: str, _: str | None) -> Normalised:
    text = fold_text(raw)
    return Normalised(text.value.replace(" ", ""), None) if text.value else text


def _gender(raw: str, _: str | None) -> Normalised:
    text = fold_text(raw)
    return Normalised(_GENDERS.get(text.value, text.value), None) if text.value else text


def _country(raw: str, _: str | None) -> Normalised:
    code = country_code(raw)
    return Normalised(code, None) if code else fold_text(raw)


def _email(raw: str, _: str | None) -> Normalised:
    address = normalise_email(raw)
    return Normalised(visible(raw).lower(), None) if address.reason == "malformed" else address


def _or_text(normalise: Normalise, fold: Normalise) -> Normalise:
    """`normalise`, or `fold` where a country is missing or the value is not as its kind should be."""

    def normalised(raw: str, country: str | None) -> Normalised:
        found = normalise(raw, country)
        return fold(raw, country) if found.reason in _STILL_COMPARED else found

    return normalised


_STILL_COMPARED = frozenset({"no_country", "malformed", "invalid_number", "no_postal_codes", "no_letters"})


def _forms(normalise: Normalise, plain: Callable[[], PlainShape]) -> NormalForms:
    return NormalForms({"normalised": normalise}, plain)


def _never_plain() -> PlainShape:
    return PlainShape("null::VARCHAR", "true", ("candidate",))


def _plain_folded_name() -> PlainShape:
    return plain_name()._replace(forms=("candidate",))


_AS_WRITTEN = _forms(
    _as_written,
    lambda: PlainShape("case when regexp_full_match(raw, '[0-9]{4,31}') then raw end", "true", ("candidate",)),
)
_NAME = _forms(lambda raw, _: fold_name(raw), _plain_folded_name)
_PLACE = _forms(_or_text(normalise_address, lambda raw, _: fold_text(raw)), plain_address)
_ATTRIBUTES: dict[AttributeKind, NormalForms] = {
    "first_name": _NAME,
    "last_name": _NAME,
    "full_name": _NAME,
    "street": _PLACE,
    "city": _PLACE,
    "region": _PLACE,
    "house_number": _forms(_compact, _never_plain),
    "postal_code": _forms(_or_text(normalise_postal_code, _compact), NORMAL_FORMS["postal_code"].plain),
    "country": _forms(_country, _never_plain),
    "gender": _forms(_gender, _never_plain),
    "email": _forms(_email, plain_email),
    "phone": _forms(_or_text(_phone, _compact), plain_phone),
    "text": _forms(lambda raw, _: fold_text(raw), _never_plain),
}
_IDENTIFIERS: dict[str, NormalForms] = {"email": NORMAL_FORMS["email"], "phone": _forms(_phone, plain_phone)}
