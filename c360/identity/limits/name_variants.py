"""First names that stand for each other, learned from who shares identifiers: `kostas` is `konstantinos`.

Two first names with one last name at one e-mail address are a person with a nickname, or a couple. Partners of the
bearers of a name are called this and that; a nickname always meets the same name.
"""

import numpy as np
import numpy.typing as npt
from scipy.stats import binom

from c360.identity.codes import Codes, distinct_pairs
from c360.identity.evidence import Evidence
from c360.identity.limits.conflicts import UNKNOWN, coded, first_names
from c360.identity.limits.holdings import Holdings, attribute
from c360.identity.limits.names import FirstNames, is_initial
from c360.identity.rules import Rules

Flags = npt.NDArray[np.bool_]

MIN_FAMILIES = 3
"""In so many families, told by their last name, two names must meet."""
MIN_SHARE = 0.5
"""In so large a share of the families in which one of them meets any other name, it must be the other one."""
MAX_CHANCE = 0.01
"""Of finding a single pair among all names by chance, were names of those who share a value drawn at random."""
MAX_NAMES = 8
"""At a value with more names than that, no pair of them is looked at."""


def learn_variants(evidence: Evidence, rules: Rules) -> tuple[tuple[str, str], ...]:
    """Pairs of first names that may be one person's although their spelling does not show it, in order.

    Needs attributes of the kinds `first_name` and `last_name`; without them nothing is learned.
    """
    first, spellings = coded(first_names(evidence, rules), evidence.record_count)
    last, _ = coded(attribute(evidence, rules, "last_name"), evidence.record_count)
    is_told = (last != UNKNOWN) & np.isin(first, [code for code, name in enumerate(spellings) if not is_initial(name)])
    one, other, family = _meetings(Holdings.of(evidence.identifiers, rules), first, last, is_told)
    pairs, pair_of = np.unique(one << 32 | other, return_inverse=True)
    families = np.bincount(distinct_pairs(pair_of, family)[0], minlength=len(pairs))
    one, other = pairs >> 32, pairs & 0xFFFFFFFF
    judge = FirstNames()
    named = [(spellings[a], spellings[b]) for a, b in zip(one.tolist(), other.tolist(), strict=True)]
    is_puzzling = np.array([not judge.may_be_one(*pair) for pair in named], bool)
    bearers = np.bincount(distinct_pairs(first[is_told], last[is_told])[0], minlength=len(spellings))
    is_variant = _is_more_than_chance(one, other, np.where(is_puzzling, families, 0), bearers)
    return tuple(sorted(pair for pair, is_found in zip(named, is_variant.tolist(), strict=True) if is_found))


def _meetings(holdings: Holdings, first: Codes, last: Codes, is_told: Flags) -> tuple[Codes, Codes, Codes]:
    """Two first names and the last name, wherever they meet at one value."""
    rows = is_told[holdings.record]
    record, value = holdings.record[rows], holdings.value[rows]
    groups, group_of = np.unique(value << 32 | last[record], return_inverse=True)
    group, name = distinct_pairs(group_of, first[record])
    is_small = (np.bincount(group) <= MAX_NAMES)[group]
    group, name = group[is_small], name[is_small]
    found = [(np.empty(0, np.int64),) * 3]
    for step in range(1, MAX_NAMES):
        is_met = group[step:] == group[:-step]
        found.append((name[:-step][is_met], name[step:][is_met], groups[group[step:][is_met]] & 0xFFFFFFFF))
    one, other, family = (np.concatenate(column) for column in zip(*found, strict=True))
    return one, other, family


def _is_more_than_chance(one: Codes, other: Codes, families: Codes, bearers: Codes) -> Flags:
    """By pair, whether one of the names meets the other in too many families for partners or siblings.

    Args:
        one: The names of the pairs, each before the other.
        other: The other names of the pairs.
        families: In how many families they meet; 0 where the pair needs no explanation.
        bearers: By name, how many people are called so.
    """
    meetings = np.zeros(len(bearers), np.int64)
    np.add.at(meetings, one, families)
    np.add.at(meetings, other, families)
    share = bearers / max(1, bearers.sum())
    name_count = np.count_nonzero(bearers)
    is_found = np.zeros(len(one), bool)
    for name, partner in ((one, other), (other, one)):
        chance = binom.sf(families - 1, meetings[name], share[partner]) * name_count
        is_found |= (families >= MIN_SHARE * meetings[name]) & (chance <= MAX_CHANCE)
    return is_found & (families >= MIN_FAMILIES)
