"""How one person's e-mail address, phone number and name are written down differently from one form to the next."""

import unicodedata

import numpy as np
import pandas as pd

from c360.sample.draws import happens, pick
from c360.sample.world import Spelling


def without_accents(names: pd.Series) -> pd.Series:
    """Names in plain Latin letters: `Thérèse` as `Therese`, `Groß` as `Gross`."""
    return names.map({name: _plain(name) for name in names.unique()})


def written_emails(rng: np.random.Generator, emails: pd.Series, spelling: Spelling) -> pd.Series:
    """Addresses as typed: some in capitals, some with a capital first letter, some with a space around them."""
    written = emails.mask(happens(rng, spelling.email_capital_share, len(emails)), emails.str.capitalize())
    written = written.mask(happens(rng, spelling.email_upper_share, len(emails)), emails.str.upper())
    before = happens(rng, spelling.email_space_share / 2, len(emails))
    after = happens(rng, spelling.email_space_share / 2, len(emails))
    return written.mask(before, " " + written).mask(after, written + " ")


def written_phones(
    rng: np.random.Generator, national: pd.Series, international: pd.Series, spelling: Spelling
) -> pd.Series:
    """Numbers as typed, each in one of the styles that `Spelling.phone_style_weights` lists.

    Args:
        rng: The chance.
        national: Numbers in groups, `06 12 34 56 78`.
        international: The same numbers in groups, `+33 6 12 34 56 78`.
        spelling: How often each style is used.
    """
    styles = (
        national,
        national.str.replace(" ", ".", regex=False),
        national.str.replace(" ", "", regex=False),
        international,
        international.str.replace("+", "00", regex=False).str.replace(" ", "", regex=False),
    )
    return _chosen(styles, pick(rng, spelling.phone_style_weights, len(national)))


def written_names(
    rng: np.random.Generator, first: pd.Series, last: pd.Series, spelling: Spelling
) -> tuple[pd.Series, pd.Series]:
    """First and last names as typed, each pair in one of the styles that `Spelling.name_style_weights` lists."""
    style = pick(rng, spelling.name_style_weights, len(first))
    plain_first, plain_last = without_accents(first), without_accents(last)
    firsts = (first, plain_first, plain_first.str.upper(), first.str.slice(0, 1) + ".")
    lasts = (last, plain_last, plain_last.str.upper(), last)
    return _chosen(firsts, style), _chosen(lasts, style)


def _chosen(styles: tuple[pd.Series, ...], style: np.ndarray) -> pd.Series:
    written = styles[0]
    for number, column in enumerate(styles[1:], start=1):
        written = written.mask(style == number, column)
    return written


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
