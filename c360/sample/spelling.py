"""How one person's e-mail address, phone, name and street are written down differently from one form to the next."""

import unicodedata

import numpy as np
import pandas as pd

from c360.sample.countries import COUNTRIES, NICKNAMES, STREET_KINDS
from c360.sample.draws import happens, pick
from c360.sample.world import Spelling

LATIN = {written: latin for country in COUNTRIES for written, latin in country.latin}
"""Names in other alphabets, as a passport has them."""


def without_accents(names: pd.Series) -> pd.Series:
    """Names in plain Latin letters: `Thérèse` as `Therese`, `Groß` as `Gross`, `Иван` as `Ivan`."""
    return names.map({name: _plain(name) for name in names.dropna().unique()})


def written_emails(rng: np.random.Generator, emails: pd.Series, spelling: Spelling) -> pd.Series:
    """Addresses as typed: some in capitals, with a capital first letter, a space around them, or letters swapped."""
    emails = emails.mask(happens(rng, spelling.email_typo_share, len(emails)), _swapped(emails))
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
    """First and last names as typed, each pair in one of the styles that `Spelling.name_style_weights` lists.

    Some first names are nicknames, some last names have two letters swapped.
    """
    first = first.mask(happens(rng, spelling.nickname_share, len(first)), first.map(NICKNAMES).fillna(first))
    last = last.mask(happens(rng, spelling.name_typo_share, len(last)), _swapped(last))
    style = pick(rng, spelling.name_style_weights, len(first))
    plain_first, plain_last = without_accents(first), without_accents(last)
    firsts = (first, plain_first, plain_first.str.upper(), first.str.slice(0, 1) + ".")
    lasts = (last, plain_last, plain_last.str.upper(), last)
    return _chosen(firsts, style), _chosen(lasts, style)


def written_streets(rng: np.random.Generator, streets: pd.Series, spelling: Spelling) -> pd.Series:
    """Streets as typed: some with their kind abbreviated, some in Latin capitals."""
    short = streets
    for kind, abbreviation in STREET_KINDS.items():
        short = short.str.replace(kind, abbreviation, regex=False)
    written = streets.mask(happens(rng, spelling.street_short_share, len(streets)), short)
    is_capital = happens(rng, spelling.street_capital_share, len(streets))
    return written.mask(is_capital, without_accents(written).str.upper())


def _swapped(texts: pd.Series) -> pd.Series:
    """The second and third letter in each other's place."""
    return texts.str.slice(0, 1) + texts.str.slice(2, 3) + texts.str.slice(1, 2) + texts.str.slice(3)


def _chosen(styles: tuple[pd.Series, ...], style: np.ndarray) -> pd.Series:
    written = styles[0]
    for number, column in enumerate(styles[1:], start=1):
        written = written.mask(style == number, column)
    return written


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", LATIN.get(name, name).replace("ß", "ss"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
