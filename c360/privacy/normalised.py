"""What normalising answers: a value, or the code of the reason why there is none."""

from typing import NamedTuple

REASONS = {
    "empty": "Nothing is there, or only what cannot be seen.",
    "placeholder": "Somebody typed what stands for nothing, such as `-`, `n/a`, `xxx` or `unknown`.",
    "looks_hashed": "It has the shape of a digest: somebody hashed it before, and nobody can undo that.",
    "garbled": "It holds U+FFFD, the mark of a letter that was lost when bytes were read wrongly.",
    "several": "More than one address or number in one field; which one is meant is not known.",
    "malformed": "An e-mail address or a postal code against the rules of its kind.",
    "has_letters": "A phone number with letters that are neither a label before it nor an extension after it.",
    "scientific_notation": "A spreadsheet wrote the number as `3.36E+10`; the digits it rounded off are gone.",
    "no_country": "The country is missing or is none that is known, and without it the value has no meaning.",
    "invalid_number": "No number of the country's numbering plan.",
    "no_letters": "A name or an address without a letter, such as digits alone.",
    "no_postal_codes": "The country has no postal codes.",
}
"""Every reason, by its code. A reason never holds any part of the value."""


class Normalised(NamedTuple):
    """A value in its normal form, or no value and the reason why. Exactly one of the two is `None`."""

    value: str | None
    reason: str | None
