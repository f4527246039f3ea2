"""Which profiles are compared: those that share a key, which is a part of one attribute or of two.

Many rules that each ask for little reach records with half of their attributes missing; a limit on how many profiles
may share a key keeps the comparisons in proportion. Where all profiles are few, each is compared with each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb

from c360.identity.matching.kinds import kind_of

MAX_PROFILES_PER_KEY = 50
MAX_PROFILES_ALL_COMPARED = 1000
CROWDED_SINCE_TRAINING = 20
"""How many times the limit a key may hold that was not crowded when the model was trained."""

_FINE = {
    "birth_date": "{0}",
    "street": "{0}",
    "postal_code": "{0}",
    "email": "split_part({0}, '@', 1)",
    "phone": "right({0}, 7)",
    "text": "{0}",
}
"""Parts that few people share, so that they are keys alone."""

_COARSE = {
    "birth_date": ("left({0}, 4)", "right({0}, 5)"),
    "street": ("left({0}, 5)",),
    "house_number": ("{0}",),
    "postal_code": ("left({0}, -2)",),
    "city": ("{0}",),
    "email": ("left({0}, 5)",),
    "phone": ("right({0}, 4)",),
    "text": ("left({0}, 4)",),
}
"""Parts that are keys together with a part of another attribute."""

_CONSONANTS = "left({0}, 1) || regexp_replace(substr({0}, 2), '[aeiouyhw ]', '', 'g')"


@dataclass(frozen=True)
class Part:
    """What of an attribute goes into a key, in SQL."""

    column: str
    sql: str


def blocking_rules(columns: Sequence[str]) -> list[tuple[Part, ...]]:
    """The rules for profiles with these columns: one or two parts each."""
    alone = [(Part(column, _FINE[kind].format(column)),) for column, kind in _kinds(columns) if kind in _FINE]
    coarse = [Part(column, sql.format(column)) for column, kind in _kinds(columns) for sql in _COARSE.get(kind, ())]
    pairs = [pair for pair in combinations(coarse, 2) if pair[0].column != pair[1].column]
    return [*alone, *_name_rules(columns, coarse), *pairs]


def _kinds(columns: Sequence[str]) -> list[tuple[str, str]]:
    return [(column, kind_of(column)) for column in columns]


def _name_rules(columns: Sequence[str], coarse: list[Part]) -> list[tuple[Part, ...]]:
    starts = [Part(name, f"left({name}, 3)") for name in ("first_name", "last_name") if name in columns]
    if not starts:
        return []
    word, other = Part("words", "unnest(words)"), Part("other_words", "unnest(words)")
    beginnings = [(start, part) for start in starts for part in coarse]
    both = [tuple(starts), (starts[0], Part("last_name", _CONSONANTS.format("last_name")))] if len(starts) > 1 else []
    return [(word, other), *both, *((word, part) for part in coarse), *beginnings]


def write_all_pairs(database: duckdb.DuckDBPyConnection) -> None:
    """Write the table `pairs` (`left_id` before `right_id`) of all profiles of different clusters."""
    database.execute(
        """
        create or replace table pairs as
        select l.id as left_id, r.id as right_id from profiles as l join profiles as r on l.id < r.id
        where l.label <> r.label and (l.is_touched or r.is_touched)
        """
    )


def write_pairs(database: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
    """Write the table `pairs` of the profiles that share a key which is not in the table `crowded_keys`."""
    database.execute("create or replace table found_pairs (left_id bigint, right_id bigint)")
    for place, rule in enumerate(blocking_rules(columns)):
        database.execute(f"insert into found_pairs {_pairs_sql(place, rule)}")
    database.execute("create or replace table pairs as select distinct left_id, right_id from found_pairs")
    database.execute("drop table found_pairs")


def write_crowded_keys(database: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
    """Write the table `crowded_keys` of the keys that more than `MAX_PROFILES_PER_KEY` profiles share."""
    database.execute("create or replace table crowded_keys (key ubigint)")
    for place, rule in enumerate(blocking_rules(columns)):
        database.execute(
            f"insert into crowded_keys select key from ({_keys_sql(place, rule)}) "
            f"group by key having count(*) > {MAX_PROFILES_PER_KEY}"
        )


def _pairs_sql(place: int, rule: tuple[Part, ...]) -> str:
    return f"""
        with keys as materialized (
            select * from ({_keys_sql(place, rule)}) as keys anti join crowded_keys using (key)
        ),
        shared as (
            select key from keys group by key
            having count(*) between 2 and {MAX_PROFILES_PER_KEY * CROWDED_SINCE_TRAINING} and bool_or(is_touched)
        ),
        of_shared as materialized (select keys.* from keys semi join shared using (key))
        select l.id, r.id from of_shared as l join of_shared as r using (key)
        where l.id < r.id and l.label <> r.label and (l.is_touched or r.is_touched)
    """


def _keys_sql(place: int, rule: tuple[Part, ...]) -> str:
    """Each profile with each of its keys, once."""
    parts = ", ".join(f"{part.sql} as part_{number}" for number, part in enumerate(rule))
    named = [f"part_{number}" for number in range(len(rule))]
    if [part.column for part in rule] == ["words", "other_words"]:
        return f"""
            select distinct id, label, is_touched, hash({place}, word, other_word) as key
            from (select id, label, is_touched, words, unnest(words) as word from profiles),
            unnest(words) as others (other_word) where word < other_word
        """
    return f"""
        select distinct id, label, is_touched, hash({place}, {", ".join(named)}) as key
        from (select id, label, is_touched, {parts} from profiles)
        where {" and ".join(f"{name} is not null" for name in named)}
    """
