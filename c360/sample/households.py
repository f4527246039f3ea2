"""Who lives with whom: households of one to four people who stand next to each other."""

import numpy as np
import pandas as pd

from c360.sample.draws import Flags, Positions, happens, pick
from c360.sample.world import Households


def settle(rng: np.random.Generator, count: int, households: Households) -> pd.DataFrame:
    """One row per person: `household` (number), `head` (position of the first of it), `is_child`, `is_twin`.

    And whether they bear the surname of the head (`has_head_surname`), share the e-mail address of the head
    (`shares_email`) or would show the card of the head (`is_card_family`).
    """
    size = 1 + pick(rng, households.size_weights, count)
    household = np.repeat(np.arange(count), size)[:count]
    head = np.searchsorted(household, household)
    place = np.arange(count) - head
    size_here = np.bincount(household)[household]
    is_partner = place == 1
    is_child = place > 1
    return pd.DataFrame(
        {
            "household": household,
            "head": head,
            "household_size": size_here,
            "is_child": is_child,
            "is_twin": is_child
            & (size_here == len(households.size_weights))
            & _by_home(rng, head, households.twins_share),
            "has_head_surname": ~(is_partner & happens(rng, households.own_surname_share, count)),
            "shares_email": is_partner & happens(rng, households.shared_email_share, count),
            "is_card_family": (size_here > 1) & _by_home(rng, head, households.family_card_share),
        }
    )


def _by_home(rng: np.random.Generator, head: Positions, share: float) -> Flags:
    """A chance that comes true for everybody of a household or nobody."""
    return happens(rng, share, len(head))[head]
