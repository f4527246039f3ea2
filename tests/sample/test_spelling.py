"""How one person is written down in several ways."""

import numpy as np
import pandas as pd

from c360.sample.countries import COUNTRIES, NICKNAMES
from c360.sample.spelling import without_accents, written_emails, written_names, written_phones, written_streets
from c360.sample.world import Spelling

COUNT = 2000


def test_an_email_is_typed_in_every_way() -> None:
    """Capitals, a capital first letter, spaces before and after all occur, and most addresses stay as they are."""
    written = written_emails(np.random.default_rng(7), pd.Series(["zoe.petit1@example.com"] * COUNT), Spelling())
    ways = {"zoe.petit1@example.com", "Zoe.petit1@example.com", "ZOE.PETIT1@EXAMPLE.COM"}
    typos = {"zeo.petit1@example.com", "Zeo.petit1@example.com", "ZEO.PETIT1@EXAMPLE.COM"}

    assert ways < set(written.str.strip()) <= ways | typos
    assert written.str.startswith(" ").any()
    assert written.str.endswith(" ").any()
    assert 0.08 < (written.str.strip() != "zoe.petit1@example.com").mean() < 0.20


def test_a_phone_number_is_typed_in_five_styles() -> None:
    """National, dotted, together, international and with two zeros; the digits stay."""
    national, international = pd.Series(["06 12 34 56 78"] * COUNT), pd.Series(["+33 6 12 34 56 78"] * COUNT)
    written = written_phones(np.random.default_rng(7), national, international, Spelling())

    assert set(written) == {
        "06 12 34 56 78",
        "06.12.34.56.78",
        "0612345678",
        "+33 6 12 34 56 78",
        "0033612345678",
    }


def test_a_name_is_typed_in_four_styles() -> None:
    """As it is, without accents, in capitals and with an initial; first and last name in the same style."""
    names = pd.Series(["Zoé"] * COUNT), pd.Series(["Lefèvre"] * COUNT)
    first, last = written_names(np.random.default_rng(7), *names, Spelling(name_typo_share=0.0))

    assert set(zip(first, last, strict=True)) == {
        ("Zoé", "Lefèvre"),
        ("Zoe", "Lefevre"),
        ("ZOE", "LEFEVRE"),
        ("Z.", "Lefèvre"),
    }


def test_nicknames_and_typos_are_as_frequent_as_documented() -> None:
    """A tenth of first names are nicknames, and a few last names have two letters swapped."""
    spelling = Spelling(name_style_weights=(1.0, 0.0, 0.0, 0.0))
    names = pd.Series(["Alexandre"] * COUNT), pd.Series(["Martin"] * COUNT)
    first, last = written_names(np.random.default_rng(7), *names, spelling)

    assert set(first) == {"Alexandre", "Alex"}
    assert set(last) == {"Martin", "Mratin"}
    assert abs((first == "Alex").mean() - spelling.nickname_share) < 0.02
    assert abs((last == "Mratin").mean() - spelling.name_typo_share) < 0.01


def test_a_street_is_typed_in_four_ways() -> None:
    """In full, abbreviated, and each of them in Latin capitals."""
    written = written_streets(np.random.default_rng(7), pd.Series(["12 rue des Écoles"] * COUNT), Spelling())

    assert set(written) == {"12 rue des Écoles", "12 r. des Écoles", "12 RUE DES ECOLES", "12 R. DES ECOLES"}


def test_other_alphabets_have_latin_letters() -> None:
    """Every name, place and street of the world reads in plain Latin letters."""
    every = [
        text
        for country in COUNTRIES
        for text in [*country.first_names, *country.last_names, *country.streets, *(city for city, _ in country.places)]
    ]
    plain = without_accents(pd.Series([*every, *NICKNAMES.values()]))

    assert len(every) > 300
    assert plain[~plain.map(str.isascii)].tolist() == []
    assert without_accents(pd.Series(["Иван", "Ελένη", "محمد"])).tolist() == ["Ivan", "Eleni", "Mohamed"]


def test_accents_go_and_letters_stay() -> None:
    """Every accent of the world's names has a plain letter."""
    plain = without_accents(pd.Series(["Éléonore", "Groß", "Niccolò", "N'Diaye", "Iñaki", "Siân"]))

    assert plain.tolist() == ["Eleonore", "Gross", "Niccolo", "N'Diaye", "Inaki", "Sian"]
