"""Whether two first names can be one person's: the same name misspelt, shortened, or a nickname, rather than another.

Names come folded (`c360.privacy.names.fold_name`): letters a to z and single spaces. The question is asked for
people who share an identifier, so near misses are believed, but never where two usual names differ just so: `paul`
and `paula`, `jean` and `jeanne`.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import permutations

from nicknames import NickNamer
from rapidfuzz.distance import OSA

MIN_SWAPPED_LETTERS = 4
MIN_MISTYPED_LETTERS = 6
MIN_SHORT_FORM_LETTERS = 3
MIN_LETTERS_LEFT_OUT = 2
MAX_TOKENS = 5
"""Of a name in more parts, only the whole is compared: orders of many parts would be many to try."""

_FEMININE_ENDING = re.compile(r"a|e|y|[ie]a|ie|(in|n|t|ov|ai)[ae]|ka|l[ae]|lla|lle|(e|o)(lla|lle|tta|tte)|ss[ae]")
_REPEATED = re.compile(r"(.)\1+")
_VOWEL = re.compile("[aeiou]")
_WEAK = re.compile("[aeiouyw]|h$")
"""Vowels, and the consonants that are written for them."""
_GENDERED_VOWELS = frozenset("aeo")
_SAME_SOUNDS = (("ph", "f"), ("th", "t"), ("ck", "k"), ("c", "k"), ("y", "i"), ("z", "s"), ("h", ""))


class FirstNames:
    """Judges pairs of first names, and remembers its judgements.

    variants: pairs of names that are known to be one person's beyond the rules here, learned from data or listed.
    different: pairs that never are, whatever the rules here would say.
    """

    def __init__(self, variants: Iterable[tuple[str, str]] = (), different: Iterable[tuple[str, str]] = ()) -> None:
        self._variants = {frozenset(pair) for pair in variants}
        self._different = {frozenset(pair) for pair in different}
        self._judged: dict[tuple[str, str], bool] = {}

    def may_be_one(self, left: str, right: str) -> bool:
        """Whether one person may have given both names."""
        pair = (left, right) if left <= right else (right, left)
        judged = self._judged.get(pair)
        if judged is None:
            judged = self._judged[pair] = self._judge(*pair)
        return judged

    def _judge(self, left: str, right: str) -> bool:
        if left == right:
            return True
        pair = frozenset((left, right))
        if pair in self._different:
            return False
        return pair in self._variants or _is_same_written(left, right) or self._match_in_parts(left, right)

    def _match_in_parts(self, left: str, right: str) -> bool:
        """Whether every part of the shorter name matches a part of its own in the longer, in whatever order."""
        few, many = sorted((left.split(), right.split()), key=len)
        if len(many) > MAX_TOKENS:
            return False
        return any(
            all(self._is_one_part(part, other) for part, other in zip(few, chosen, strict=True))
            for chosen in permutations(many, len(few))
        )

    def _is_one_part(self, left: str, right: str) -> bool:
        if left == right or frozenset((left, right)) in self._variants:
            return True
        if 1 in (len(left), len(right)):
            return left[0] == right[0]
        if right in _nicknames_of(left) or left in _nicknames_of(right):
            return True
        if _is_other_gender(left, right):
            return False
        return _is_short_form(left, right) or _is_misspelt(left, right)


def is_initial(name: str) -> bool:
    """Whether a name is nothing but initials, which fit many."""
    return all(len(part) == 1 for part in name.split())


@cache
def _nick_namer() -> NickNamer:
    return NickNamer()


@cache
def _nicknames_of(name: str) -> frozenset[str]:
    return frozenset(_nick_namer().nicknames_of(name))


def _is_same_written(left: str, right: str) -> bool:
    """Whether the names differ only in where their parts are set apart, or one is the other's initials together."""
    left_parts, right_parts = left.split(), right.split()
    if "".join(left_parts) == "".join(right_parts):
        return True
    return _are_initials(left_parts, right_parts) or _are_initials(right_parts, left_parts)


def _are_initials(few: list[str], many: list[str]) -> bool:
    return len(few) == 1 < len(many) and few[0] == "".join(part[0] for part in many)


def _is_short_form(left: str, right: str) -> bool:
    """Whether one begins the other: `seb` and `sebastien`."""
    short, long = sorted((left, right), key=len)
    is_long_enough = len(short) >= MIN_SHORT_FORM_LETTERS and len(long) - len(short) >= MIN_LETTERS_LEFT_OUT
    return is_long_enough and long.startswith(short)


def _is_misspelt(left: str, right: str) -> bool:
    if _as_heard(left) == _as_heard(right) or _is_without_vowels(left, right):
        return True
    if OSA.distance(left, right, score_cutoff=1) > 1:
        return False
    shorter = min(len(left), len(right))
    if len(left) == len(right) and sorted(left) == sorted(right):
        return shorter >= MIN_SWAPPED_LETTERS
    return shorter >= MIN_MISTYPED_LETTERS and left[0] == right[0]


@cache
def _as_heard(name: str) -> str:
    """Roughly how a name sounds: `katherine` like `catherine`, `philip` like `phillip`, `sarah` like `sara`."""
    for written, heard in _SAME_SOUNDS:
        name = name.replace(written, heard)
    return _REPEATED.sub(r"\1", name)


def _is_without_vowels(left: str, right: str) -> bool:
    """Whether one comes from an alphabet that leaves vowels out, and they agree in what remains: `mhmd`, `mohamed`."""
    if _VOWEL.search(left) and _VOWEL.search(right):
        return False
    return min(len(left), len(right)) > 1 and _consonants(left) == _consonants(right)


@cache
def _consonants(name: str) -> str:
    return _REPEATED.sub(r"\1", _WEAK.sub("", name))


def _is_other_gender(left: str, right: str) -> bool:
    """Whether the names part only in an ending that makes another name: `paul` and `paula`, `mario` and `maria`."""
    shared = next((place for place, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), None)
    shared = min(len(left), len(right)) if shared is None else shared
    endings = {left[shared:], right[shared:]}
    if "" in endings:
        return any(_FEMININE_ENDING.fullmatch(ending) for ending in endings)
    return endings <= _GENDERED_VOWELS or ("que" in endings and "c" in endings)
