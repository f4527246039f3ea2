"""What each kind of attribute compares: levels from full agreement to none.

A level is a condition on two profiles in DuckDB's SQL; the columns of one end in `_l`, those of the other in `_r`, and
`@` stands for the column that is compared. How much a level tells is learned; `usual` says how often it holds for two
records of one person, as a start and where the data say too little.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from c360.identity.rules import AttributeKind


@dataclass(frozen=True)
class Level:
    """One degree of agreement; of a comparison's levels the first whose condition holds counts.

    usual: share of the pairs of one person's records. rarity: how far (0 to 1) agreeing on a rare value tells more.
    """

    name: str
    condition: str
    usual: float
    rarity: float = 0.0


@dataclass(frozen=True)
class Comparison:
    """How a column of the profiles is compared; where `silent` holds, it says nothing for or against."""

    column: str
    silent: str
    levels: tuple[Level, ...]
    is_identifier: bool = False

    @property
    def usual(self) -> tuple[float, ...]:
        """How often each level, and last none of them, holds for two records of one person.

        Records that agree on an identifier are one cluster long before they are compared.
        """
        shares = tuple(level.usual for level in self.levels)
        if self.is_identifier:
            shares = (KNOWN_APART, *shares[1:])
        return (*shares, 1 - sum(shares))

    @property
    def same(self) -> int:
        """Splink's number of the level of full agreement: it counts down to 0, which is no agreement."""
        return len(self.levels)


IMPLIED: Mapping[str, tuple[str, ...]] = {
    "city": ("postal_code",),
    "region": ("postal_code", "city"),
    "country": ("postal_code", "city", "region"),
    "gender": ("first_name",),
}
"""Kinds that say nothing new where one of these agrees: all of one postal code live in one city."""

VARIED = ("first_name", "last_name", "city", "text")
"""Kinds whose values have variants that their spelling does not show, as Tom and Thomas; learned from the data."""

KNOWN_APART = 0.05
"""How often two clusters of one person share an identifier, though exact rules did not join them for it."""

PERSONAL_BITS: Mapping[str, float] = {
    "first_name": 20.0,
    "birth_date": 6.5,
    "gender": 20.0,
    "email": 2.0,
    "phone": 1.0,
    "text": 4.0,
}
"""Kinds that tell one person from another of the same household, and how many bits at most they say for one person.

People of a household share name, address, often the phone, now and then the birth date (one in a hundred: twins).
"""

_SAME = Level("same", "@_l = @_r", 0.7, rarity=1.0)
_VARIANT = Level("variant", "coalesce(list_contains(@_variants_l, @_r), false)", 0.03)
# Similarity is a fortieth of the cost of a distance, so it decides first where a distance is worth computing.
_ONE_EDIT = "case when jaro_winkler_similarity(@_l, @_r) >= 0.7 then damerau_levenshtein(@_l, @_r) <= 1 else false end"
_TWO_EDITS = _ONE_EDIT.replace("<= 1", "<= 2")
_WRONG_DIGITS = "case when length(@_l) = length(@_r) then hamming(@_l, @_r) else 99 end"
_ONE_EDIT_OF_A_WORD = f"{_ONE_EDIT} and least(length(@_l), length(@_r)) >= 3"
_SAME_YEAR = "left(@_l, 4) = left(@_r, 4)"
_SAME_MONTH = "substr(@_l, 6, 2) = substr(@_r, 6, 2)"
_SAME_DAY = "substr(@_l, 9, 2) = substr(@_r, 9, 2)"
_DAY_AS_MONTH = "substr(@_l, 6, 2) = substr(@_r, 9, 2) and substr(@_l, 9, 2) = substr(@_r, 6, 2)"

_LEVELS: Mapping[str, tuple[Level, ...]] = {
    "first_name": (
        _SAME,
        _VARIANT,
        Level("one edit", _ONE_EDIT_OF_A_WORD, 0.09, rarity=0.7),
        Level("begins alike", "starts_with(@_l, @_r) or starts_with(@_r, @_l)", 0.03),
        Level("similar", "jaro_winkler_similarity(@_l, @_r) >= 0.88", 0.03),
        Level("somewhat similar", "jaro_winkler_similarity(@_l, @_r) >= 0.75", 0.02),
        Level("elsewhere in the name", "list_contains(words_l, @_r) or list_contains(words_r, @_l)", 0.02),
    ),
    "last_name": (
        _SAME,
        _VARIANT,
        Level("one edit", _ONE_EDIT_OF_A_WORD, 0.12, rarity=0.7),
        Level("similar", "jaro_winkler_similarity(@_l, @_r) >= 0.88", 0.03),
        Level("somewhat similar", "jaro_winkler_similarity(@_l, @_r) >= 0.75", 0.02),
        Level("elsewhere in the name", "list_contains(words_l, @_r) or list_contains(words_r, @_l)", 0.02),
    ),
    "birth_date": (
        _SAME,
        Level("one digit", f"{_WRONG_DIGITS} <= 1", 0.12),
        Level("day and month swapped", f"{_SAME_YEAR} and {_DAY_AS_MONTH}", 0.02),
        Level("two parts", f"({_SAME_YEAR})::int + ({_SAME_MONTH})::int + ({_SAME_DAY})::int >= 2", 0.06),
        Level("two digits", f"{_WRONG_DIGITS} <= 2", 0.03),
        Level("year", _SAME_YEAR, 0.02),
    ),
    "street": (
        _SAME,
        Level("similar", f"jaro_winkler_similarity(@_l, @_r) >= 0.92 or {_TWO_EDITS}", 0.12, rarity=0.7),
        Level("somewhat similar", "jaro_winkler_similarity(@_l, @_r) >= 0.8", 0.05),
    ),
    "house_number": (_SAME, Level("one edit", f"{_ONE_EDIT} and greatest(length(@_l), length(@_r)) >= 2", 0.1)),
    "city": (
        _SAME,
        _VARIANT,
        Level("similar", "jaro_winkler_similarity(@_l, @_r) >= 0.88 or contains(@_l, @_r) or contains(@_r, @_l)", 0.12),
    ),
    "postal_code": (
        _SAME,
        Level("one edit", _ONE_EDIT, 0.12),
        Level("neighbourhood", "left(@_l, -2) = left(@_r, -2) and length(@_l) >= 4", 0.05),
        Level("area", "left(@_l, 2) = left(@_r, 2)", 0.05),
    ),
    "region": (_SAME,),
    "country": (_SAME,),
    "gender": (Level("same", "@_l = @_r", 0.95, rarity=1.0),),
    "email": (
        _SAME,
        Level("two edits", _TWO_EDITS, 0.1),
        Level("same user", "split_part(@_l, chr(64), 1) = split_part(@_r, chr(64), 1)", 0.05),
    ),
    "phone": (
        _SAME,
        Level("same end", "right(@_l, 7) = right(@_r, 7)", 0.05),
        Level("one edit", _ONE_EDIT, 0.1),
    ),
    "text": (
        _SAME,
        _VARIANT,
        Level("one edit", f"{_ONE_EDIT} and least(length(@_l), length(@_r)) >= 4", 0.1, rarity=0.7),
        Level("similar", "jaro_winkler_similarity(@_l, @_r) >= 0.88", 0.05),
    ),
}


def column_names(attributes: Mapping[str, AttributeKind]) -> dict[str, str]:
    """The column of the profiles for each attribute: its kind, numbered from the second of a kind on."""
    seen: dict[str, int] = {}
    names = {}
    for attribute, kind in attributes.items():
        seen[kind] = seen.get(kind, 0) + 1
        names[attribute] = kind if seen[kind] == 1 else f"{kind}_{seen[kind]}"
    return names


def kind_of(column: str) -> str:
    """The kind of a column of the profiles."""
    return column.rstrip("0123456789").rstrip("_")


def comparisons(columns: Sequence[str], identifiers: Collection[str] = ()) -> list[Comparison]:
    """How profiles with these columns are compared, some of which exact rules know as identifiers."""
    return [_comparison(column, columns, column in identifiers) for column in columns if kind_of(column) in _LEVELS]


def _comparison(column: str, columns: Sequence[str], is_identifier: bool) -> Comparison:
    implied = [name for name in IMPLIED.get(kind_of(column), ()) if name in columns]
    silent = [
        f"{column}_l is null or {column}_r is null",
        *(f"coalesce({name}_l = {name}_r, false)" for name in implied),
    ]
    levels = tuple(_about(level, column) for level in _LEVELS[kind_of(column)])
    return Comparison(column, " or ".join(silent), levels, is_identifier)


def _about(level: Level, column: str) -> Level:
    return Level(level.name, level.condition.replace("@", column), level.usual, level.rarity)
