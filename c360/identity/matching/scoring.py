"""Scoring: how likely the records that exact rules leave apart are one person's."""

import numpy as np
import numpy.typing as npt

from c360.identity.evidence import Evidence, Links, Positions
from c360.identity.matching import blocking
from c360.identity.matching.database import opened
from c360.identity.matching.model import MatchModel
from c360.identity.matching.profiles import write_profiles
from c360.identity.matching.vectors import weigh, weighed_links, write_variants
from c360.identity.rules import Rules

MIN_BITS = -6.0
"""Pairs that say less for one person than this are not kept: one in 65 of the pairs just there is one person's."""


def score(
    evidence: Evidence,
    labels: Positions,
    rules: Rules,
    model: MatchModel,
    touched: npt.NDArray[np.bool_] | None = None,
) -> Links:
    """The probability that records of different clusters are one person's, for the pairs worth looking at.

    It follows from what the two records say and from the model, and from no other record.

    Args:
        evidence: The records.
        labels: The cluster of each record.
        rules: What the attributes are.
        model: What training learned.
        touched: Only pairs with one of these records; by default all.
    """
    with opened() as database:
        columns = write_profiles(database, evidence, labels, rules, touched)
        if model.compares_all:
            blocking.write_all_pairs(database)
        else:
            database.register("crowded", model.crowded_keys)
            database.execute("create table crowded_keys as from crowded")
            blocking.write_pairs(database, columns)
        write_variants(database, model)
        weigh(database, model, "pairs", MIN_BITS)
        return weighed_links(database, model)
