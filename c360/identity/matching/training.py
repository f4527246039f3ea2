"""Learning without labels what every agreement tells: strangers from random pairs, one person from the clusters found.

The first round takes usual shares; what it links with certainty teaches the second, and so on (self-training).
"""

from collections.abc import Collection
from dataclasses import replace

import duckdb
import numpy as np
import pyarrow as pa

from c360.identity.agglomeration import join_pairs
from c360.identity.evidence import Evidence, Links, Positions
from c360.identity.matching import blocking
from c360.identity.matching.kinds import Comparison, column_names, comparisons
from c360.identity.matching.model import CROWDED_SCHEMA, FREQUENCIES_SCHEMA, VARIANTS_SCHEMA, Floats, MatchModel, Shares
from c360.identity.matching.profiles import write_profiles
from c360.identity.matching.variants import learn_variants
from c360.identity.matching.vectors import BOTH_NAMES, BOTH_NAMES_SQL, WEIGHED, weigh, write_variants
from c360.identity.rules import Matching, Rules

ROUNDS = 2
TEACHING_PROBABILITY = 0.9
"""From which probability on records that are joined teach the next round."""
MAX_CLUSTERS = 200_000
"""Of more clusters a random part is enough to learn from."""
RANDOM_PAIRS = 250_000
PRIOR_STEPS = 30
MIN_HOUSEHOLD = 0.01
PRIOR_STRENGTH = 20.0
"""How many pairs the usual shares weigh beside those that are counted."""
MIN_PEOPLE_PER_VALUE = 5
"""A value that fewer people hold counts as rare and is not kept in the model."""


def train(evidence: Evidence, labels: Positions, rules: Rules, seed: int = 7) -> MatchModel:
    """Learn from the records themselves, never from labels.

    Args:
        evidence: The records.
        labels: The cluster of each record, as far as exact rules tell.
        rules: What the attributes are, and from which probability on two records are one person's.
        seed: Of the random pairs and the part of the clusters that is looked at.
    """
    with duckdb.connect() as database:
        columns = write_profiles(database, evidence, labels, rules, None)
        crowded = _crowded_keys(database, columns)
        learner = _Learner(database, columns, rules, np.random.default_rng(seed))
        model = learner.first_model()
        for _ in range(ROUNDS):
            model = learner.better_model(learner.with_prior(model))
        model = learner.with_prior(model)
        return replace(model, crowded_keys=crowded)


def _crowded_keys(database: duckdb.DuckDBPyConnection, columns: list[str]) -> pa.Table:
    blocking.write_crowded_keys(database, columns)
    return database.execute("select key from crowded_keys order by key").to_arrow_table().cast(CROWDED_SCHEMA)


class _Learner:
    """Works on the tables of one database: profiles (a part of them where they are many), pairs and random pairs."""

    def __init__(
        self, database: duckdb.DuckDBPyConnection, columns: list[str], rules: Rules, random: np.random.Generator
    ) -> None:
        self.database = database
        self.columns = columns
        self.identifiers = _identifier_columns(rules)
        self.compares_all = self._profile_count() <= blocking.MAX_PROFILES_ALL_COMPARED
        self._keep_part(random)
        self._write_random_pairs(random)
        if self.compares_all:
            blocking.write_all_pairs(database)
        else:
            blocking.write_crowded_keys(database, columns)
            blocking.write_pairs(database, columns)

    def first_model(self) -> MatchModel:
        """The usual shares, with those of strangers from random pairs."""
        self.database.execute("create or replace table people as select id, label, label as person from profiles")
        model = MatchModel(
            columns=tuple(self.columns),
            shares={each.column: Shares(each.usual, _even(each)) for each in self._comparisons()},
            prior=1 / (2 * max(self._profile_count(), 2)),
            household=1.0,
            rare={},
            compares_all=self.compares_all,
            frequencies=FREQUENCIES_SCHEMA.empty_table(),
            variants=VARIANTS_SCHEMA.empty_table(),
            crowded_keys=CROWDED_SCHEMA.empty_table(),
        )
        return self._with_strangers(self._with_frequencies(model))

    def better_model(self, model: MatchModel) -> MatchModel:
        """What the clusters teach that a model finds, whose prior was just found."""
        self._find_people(model)
        model = replace(model, variants=learn_variants(self.database, self._comparisons()))
        write_variants(self.database, model)
        return self._with_same_person(self._with_strangers(self._with_frequencies(model)))

    def with_prior(self, model: MatchModel) -> MatchModel:
        """How many of all pairs are one person's, and one household's, such that the model finds as many as it expects.

        Writes the table `weighed_pairs` under that prior.
        """
        weigh(self.database, model, "pairs")
        rows = self.database.execute(f"select match_weight, personal_weight from {WEIGHED}").fetchnumpy()
        weights, personal_weights = rows["match_weight"], rows["personal_weight"]
        count = self._profile_count()
        every_pair = max(count * (count - 1) / 2, 1.0)
        better = model
        for _ in range(PRIOR_STEPS):
            shifted = weights + np.log2(_odds(better.prior) / _odds(model.prior))
            one_person, one_household = better.odds(shifted, personal_weights)
            people = max(float(np.sum(one_person / (1 + one_person + one_household))), 1.0)
            households = float(np.sum(one_household / (1 + one_person + one_household)))
            better = replace(
                better, prior=min(people / every_pair, 0.5), household=max(households / people, MIN_HOUSEHOLD)
            )
        change = float(np.log2(_odds(better.prior) / _odds(model.prior)))
        self.database.execute(f"update {WEIGHED} set match_weight = match_weight + {change}")
        return better

    def _comparisons(self) -> list[Comparison]:
        return comparisons(self.columns, self.identifiers)

    def _profile_count(self) -> int:
        return self._number("select count(*) from profiles")

    def _number(self, sql: str) -> int:
        return int(self.database.execute(sql).fetchall()[0][0] or 0)

    def _keep_part(self, random: np.random.Generator) -> None:
        labels = self.database.execute("select distinct label from profiles order by label").fetchnumpy()["label"]
        if len(labels) > MAX_CLUSTERS:
            kept = pa.table({"label": np.sort(random.choice(labels, MAX_CLUSTERS, replace=False))})
            self.database.register("kept", kept)
            self.database.execute("delete from profiles where label not in (select label from kept)")
            self.database.unregister("kept")

    def _write_random_pairs(self, random: np.random.Generator) -> None:
        ids = self.database.execute("select id from profiles order by id").fetchnumpy()["id"]
        picked = (
            ids[random.integers(0, max(len(ids), 1), (RANDOM_PAIRS, 2))] if len(ids) else np.empty((0, 2), np.int64)
        )
        drawn = pa.table({"left_id": picked.min(axis=1), "right_id": picked.max(axis=1)})
        self.database.register("drawn", drawn)
        self.database.execute(
            "create or replace table random_pairs as select distinct * from drawn where left_id < right_id"
        )
        self.database.unregister("drawn")

    def _find_people(self, model: MatchModel) -> None:
        """Write the table `people`: the person of each profile, from the weighed pairs."""
        rows = self.database.execute(
            f"""
            select pairs.*, l.label as left_label, r.label as right_label from (
                select left_id, right_id, match_weight, personal_weight from {WEIGHED}
            ) as pairs
            join profiles as l on l.id = left_id join profiles as r on r.id = right_id
            order by left_id, right_id
            """
        ).fetchnumpy()
        profiles = self.database.execute("select id, label from profiles order by id").fetchnumpy()
        labels = np.arange(max(int(profiles["id"].max(initial=0)), int(profiles["label"].max(initial=0))) + 1)
        labels[profiles["id"]] = profiles["label"]
        probability = model.probability(rows["match_weight"], rows["personal_weight"])
        pairs = Links(rows["left_id"], rows["right_id"], np.full(len(probability), "matching", object), probability)
        people = join_pairs(labels, pairs, Matching(link_probability=TEACHING_PROBABILITY))
        self.database.register(
            "found", pa.table({"id": profiles["id"], "label": profiles["label"], "person": people[profiles["id"]]})
        )
        self.database.execute("create or replace table people as select * from found")
        self.database.unregister("found")

    def _with_frequencies(self, model: MatchModel) -> MatchModel:
        """The share of people who hold each value: a person's records count together as one."""
        values = {each.column: each.column for each in self._comparisons()}
        if {"first_name", "last_name"} <= set(self.columns):
            values[BOTH_NAMES] = BOTH_NAMES_SQL
        found = {name: self._frequencies(name, value) for name, value in values.items()}
        tables = pa.concat_tables([table for table, _ in found.values()])
        return replace(model, frequencies=tables, rare={name: rare for name, (_, rare) in found.items()})

    def _frequencies(self, name: str, value: str) -> tuple[pa.Table, float]:
        """The values that several people hold with their share of people, and the share that all others count for."""
        self.database.execute(
            f"""
            create or replace temp table held as
            with holders as (
                select person, {value} as value, count(*) as profiles
                from profiles join people using (id) where {value} is not null group by all
            ),
            shares as (select value, profiles / sum(profiles) over (partition by person) as share from holders)
            select value, count(*) as people, sum(share) as weight from shares group by value
            """
        )
        total = max(self._number("select sum(weight) from held"), 1)
        table = self.database.sql(
            f"""
            select '{name}' as "column", value, weight / {total} as frequency
            from held where people >= {MIN_PEOPLE_PER_VALUE} order by value
            """
        ).to_arrow_table()
        return table.cast(FREQUENCIES_SCHEMA), 1.0 / total

    def _with_strangers(self, model: MatchModel) -> MatchModel:
        weigh(self.database, model, "random_pairs")
        counted = self._level_counts("l.person <> r.person")
        shares = {
            each.column: replace(
                model.shares[each.column], strangers=_shares(counted[each.column], np.array(_even(each)), 1.0)
            )
            for each in self._comparisons()
        }
        return replace(model, shares=shares)

    def _with_same_person(self, model: MatchModel) -> MatchModel:
        self.database.execute(
            """
            create or replace table pairs_of_people as
            select l.id as left_id, r.id as right_id from people as l join people as r using (person) where l.id < r.id
            """
        )
        weigh(self.database, model, "pairs_of_people")
        counted = self._level_counts("true")
        counted |= self._level_counts("l.label <> r.label", self.identifiers)
        shares = {
            each.column: replace(
                model.shares[each.column],
                same_person=_shares(counted[each.column], np.array(each.usual), PRIOR_STRENGTH),
            )
            for each in self._comparisons()
        }
        return replace(model, shares=shares)

    def _level_counts(self, condition: str, columns: Collection[str] | None = None) -> dict[str, Floats]:
        """By column, how many of the weighed pairs are on each level, and last on none."""
        return {
            each.column: self._levels_of(each, condition)
            for each in self._comparisons()
            if columns is None or each.column in columns
        }

    def _levels_of(self, comparison: Comparison, condition: str) -> Floats:
        gamma = f"gamma_{comparison.column}"
        found = self.database.execute(
            f"""
            select {comparison.same} - {gamma} as level, count(*) as pairs
            from {WEIGHED} join people as l on l.id = left_id join people as r on r.id = right_id
            where {gamma} >= 0 and {condition} group by level
            """
        ).fetchnumpy()
        return np.bincount(found["level"], found["pairs"], comparison.same + 1)


def _identifier_columns(rules: Rules) -> list[str]:
    """The columns of the profiles that exact rules know as identifiers, by the attribute's name or kind."""
    known = set(rules.identifiers) | {rules.column_of(identifier_type) for identifier_type in rules.identifiers}
    columns = column_names(rules.attributes)
    return [columns[attribute] for attribute, kind in rules.attributes.items() if {attribute, kind} & known]


def _odds(probability: float) -> float:
    return probability / (1 - probability)


def _even(comparison: Comparison) -> tuple[float, ...]:
    return (1 / (len(comparison.levels) + 1),) * (len(comparison.levels) + 1)


def _shares(counts: np.ndarray, usual: np.ndarray, strength: float) -> tuple[float, ...]:
    shares = (counts + strength * usual) / (counts.sum() + strength)
    return tuple(float(share) for share in shares)
