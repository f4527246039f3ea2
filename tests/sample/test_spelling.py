"""How one person is written down in several ways."""

import numpy as np
import pandas as pd

from c360.sample.spelling import without_accents, written_emails, written_names, written_phones
from c360.sample.world import Spelling

COUNT = 2000


def test_an_email_is_typed_in_every_way() -> None:
    """Capitals, a capital first letter, spaces before and after all occur, and most addresses stay as they are."""
    written = written_emails(np.random.default_rng(7), pd.Series(["zoe.petit1@example.com"] * COUNT), Spelling())
    ways = {"zoe.petit1@example.com", "Zoe.petit1@example.com", "ZOE.PETIT1@EXAMPLE.COM"}

    assert set(written.str.strip()) == ways
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
    first, last = written_names(np.random.default_rng(7), *names, Spelling())

    assert set(zip(first, last, strict=True)) == {
        ("Zoé", "Lefèvre"),
        ("Zoe", "Lefevre"),
        ("ZOE", "LEFEVRE"),
        ("Z.", "Lefèvre"),
    }


def test_accents_go_and_letters_stay() -> None:
    """Every accent of the world's names has a plain letter."""
    plain = without_accents(pd.Series(["Éléonore", "Groß", "Niccolò", "N'Diaye", "Iñaki", "Siân"]))

    assert plain.tolist() == ["Eleonore", "Gross", "Niccolo", "N'Diaye", "Inaki", "Sian"]
