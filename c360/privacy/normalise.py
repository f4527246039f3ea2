"""The forms in which c360 compares people, and which of them a column of personal data gets beside it in the lake.

The forms are our own: an e-mail keeps its dots and `+tags`. A destination derives its platform's form from the raw
value. What is not clearly of its kind becomes absent with a reason, never an empty string; nothing is repaired by
guessing. Every reason is in `REASONS`, every rule has its row in `docs/privacy-normalisation.md`. A normal form is its
own normal form.
"""

from collections.abc import Callable
from typing import NamedTuple

from c360.privacy.addresses import normalise_address
from c360.privacy.countries import country_code, is_country_code
from c360.privacy.emails import normalise_email
from c360.privacy.names import fold_name, normalise_name
from c360.privacy.normalised import REASONS, Normalised
from c360.privacy.phones import normalise_phone, number_as_dialled
from c360.privacy.plain_shapes import (
    PlainShape,
    plain_address,
    plain_email,
    plain_name,
    plain_phone,
    plain_postal_code,
)
from c360.privacy.postal_codes import normalise_postal_code
from c360.privacy.text import looks_hashed, without_punctuation

__all__ = [
    "NORMAL_FORMS",
    "REASONS",
    "NormalForms",
    "Normalised",
    "country_code",
    "fold_name",
    "is_country_code",
    "looks_hashed",
    "normalise_address",
    "normalise_email",
    "normalise_name",
    "normalise_phone",
    "normalise_postal_code",
    "number_as_dialled",
    "without_punctuation",
]


class NormalForms(NamedTuple):
    """The forms of one class of personal data."""

    functions: dict[str, Callable[[str, str | None], Normalised]]
    """By the suffix of the column that holds the form, from a value and its country. Some classes need no country."""
    plain: Callable[[], PlainShape]
    """The same for plainly written values, in SQL, in the same order."""


NORMAL_FORMS = {
    "email": NormalForms({"normalised": lambda raw, _: normalise_email(raw)}, plain_email),
    "phone": NormalForms({"normalised": normalise_phone}, plain_phone),
    "name": NormalForms(
        {"normalised": lambda raw, _: normalise_name(raw), "folded": lambda raw, _: fold_name(raw)}, plain_name
    ),
    "address": NormalForms({"normalised": normalise_address}, plain_address),
    "postal_code": NormalForms({"normalised": normalise_postal_code}, plain_postal_code),
}
"""The forms of every class of personal data that is normalised."""
