"""Learning without labels what every agreement tells: strangers from random pairs, one person from the people found.

The first round takes usual shares; what it joins with certainty teaches the second, and so on (self-training).
"""

from dataclasses import replace

import duckdb
import numpy as np
import pyarrow as pa

from c360.identity.evidence import Evidence, Positions
from c360.identity.matching import blocking
from c360.identity.matching.agglomeration import join_pairs
from c360.identity.matching.database import arrays, opened
from c360.identity.matching.kinds import Comparison, column_names, comparisons
from c360.identity.matching.model import CROWDED_SCHEMA, FREQUENCIES_SCHEMA, VARIANTS_SCHEMA, MatchModel, Shares
from c360.identity.matching.profiles import write_profiles
from c360.identity.matching.teaching import frequencies_of, level_counts, shares
from c360.identity.matching.variants import learn_variants
from c360.identity.matching.vectors import BOTH_NAMES, BOTH_NAMES_SQL, WEIGHED, weigh, weighed_links, write_variants
from c360.identity.rules import Matching, Rules

ROUNDS = 2
TEACHING_PROBABILITY = 0.9
"""From which probability on records that are joined teach the next round."""
MAX_CLUSTERS = 100_000
"""Of more clusters a random part is enough to learn from."""
RANDOM_PAIRS = 200_000
PRIOR_STEPS = 30
USUAL_PAIRS = 20.0
"""How many counted pairs the usual shares weigh."""
MIN_HOUSEHOLD = 0.01


def train(evidence: Evidence, labels: Positions, rules: Rules, seed: int = 7) -> MatchModel:
    """Learn from what the records say; nobody has to tell which of them are one person.

    Args:
        evidence: The records.
        labels: The cluster of each record, as far as exact rules tell.
        rules: What the attributes are.
        seed: Of the random pairs, and of the part that is looked at where clusters are many.
    """
    with opened() as database:
        columns = write_profiles(database, evidence, labels, rules, None)
        blocking.write_crowded_keys(database, columns)
        crowded_keys = pa.table(database.sql("select key from crowded_keys order by key").to_arrow_table())
        learner = _Learner(database, comparisons(columns, _identifier_columns(rules)), np.random.default_rng(seed))
        model = learner.first_model()
        for _ in range(ROUNDS):
            model = learner.better_model(learner.with_prior(model))
        return replace(learner.with_prior(model), crowded_keys=crowded_keys.cast(CROWDED_SCHEMA)).settled()


def _identifier_columns(rules: Rules) -> list[str]:
    """The columns of the profiles that exact rules know as identifiers, by the attribute's name or kind."""
    known = set(rules.identifiers) | {rules.column_of(identifier_type) for identifier_type in rules.identifiers}
    columns = column_names(rules.attributes)
    return [columns[attribute] for attribute, kind in rules.attributes.items() if {attribute, kind} & known]


class _Learner:
    """Works on the tables of one database: `profiles` (a part where they are many), `pairs`, `random_pairs`, `people`.

    The table `crowded_keys` is there for all profiles.

    `people` says of each profile's `id` its cluster (`label`) and the `person` it is thought to be.
    """

    def __init__(
        self, database: duckdb.DuckDBPyConnection, compared: list[Comparison], random: np.random.Generator
    ) -> None:
        self._database = database
        self._compared = compared
        self._compares_all = self._profile_count() <= blocking.MAX_PROFILES_ALL_COMPARED
        is_part = self._keep_part(random)
        self._write_random_pairs(random)
        if self._compares_all:
            blocking.write_all_pairs(database)
        else:
            columns = [each.column for each in compared]
            if is_part:
                blocking.write_crowded_keys(database, columns)
            blocking.write_pairs(database, columns)

    def first_model(self) -> MatchModel:
        """The usual shares, with those of strangers from random pairs."""
        self._database.execute("create or replace table people as select id, label, label as person from profiles")
        model = MatchModel(
            columns=tuple(each.column for each in self._compared),
            shares={each.column: Shares(each.usual, _even(each)) for each in self._compared},
            prior=1 / (2 * max(self._profile_count(), 2)),
            household=1.0,
            rare={},
            compares_all=self._compares_all,
            frequencies=FREQUENCIES_SCHEMA.empty_table(),
            variants=VARIANTS_SCHEMA.empty_table(),
            crowded_keys=CROWDED_SCHEMA.empty_table(),
        )
        return self._with_strangers(self._with_frequencies(model))

    def with_prior(self, model: MatchModel) -> MatchModel:
        """How many of all pairs are one person's, and one household's, such that the model finds what it expects.

        Leaves the table `weighed_pairs` as this prior weighs the pairs.
        """
        weigh(self._database, model, "pairs")
        rows = arrays(self._database, f"select match_weight, personal_weight from {WEIGHED}")
        all_pairs = max(self._profile_count() * (self._profile_count() - 1) / 2, 1.0)
        better = model
        for _ in range(PRIOR_STEPS):
            bits = _bits_between(model, better)
            one_person, one_household = better.odds(rows["match_weight"] + bits, rows["personal_weight"])
            people = max(float(np.sum(one_person / (1 + one_person + one_household))), 1.0)
            homes = float(np.sum(one_household / (1 + one_person + one_household)))
            better = replace(better, prior=min(people / all_pairs, 0.5), household=max(homes / people, MIN_HOUSEHOLD))
        self._database.execute(f"update {WEIGHED} set match_weight = match_weight + {_bits_between(model, better)}")
        return better

    def better_model(self, model: MatchModel) -> MatchModel:
        """What the people teach that a model finds, whose prior was just found."""
        self._find_people(model)
        model = replace(model, variants=learn_variants(self._database, self._compared))
        write_variants(self._database, model)
        return self._with_same_person(self._with_strangers(self._with_frequencies(model)))

    def _profile_count(self) -> int:
        return int(arrays(self._database, "select count(*) as profiles from profiles")["profiles"][0])

    def _keep_part(self, random: np.random.Generator) -> bool:
        """Whether clusters were too many and only some of them are left."""
        labels = arrays(self._database, "select distinct label from profiles order by label")["label"]
        if len(labels) > MAX_CLUSTERS:
            kept = pa.table({"label": np.sort(random.choice(labels, MAX_CLUSTERS, replace=False))})
            self._database.register("kept", kept)
            self._database.execute("delete from profiles where label not in (select label from kept)")
            self._database.unregister("kept")
        return len(labels) > MAX_CLUSTERS

    def _write_random_pairs(self, random: np.random.Generator) -> None:
        ids = arrays(self._database, "select id from profiles order by id")["id"]
        drawn = ids[random.integers(0, len(ids), (RANDOM_PAIRS if len(ids) else 0, 2))]
        pairs = pa.table({"left_id": drawn.min(axis=1), "right_id": drawn.max(axis=1)})
        self._write("random_pairs", pairs, "select distinct * from written where left_id < right_id")

    def _write(self, name: str, rows: pa.Table, sql: str = "from written") -> None:
        self._database.register("written", rows)
        self._database.execute(f"create or replace table {name} as {sql}")
        self._database.unregister("written")

    def _find_people(self, model: MatchModel) -> None:
        """Write the table `people` from the weighed pairs."""
        profiles = arrays(self._database, "select id, label from profiles order by id")
        labels = np.arange(max(profiles["id"].max(initial=0), profiles["label"].max(initial=0)) + 1)
        labels[profiles["id"]] = profiles["label"]
        pairs = weighed_links(self._database, model)
        people = join_pairs(labels, pairs, Matching(link_probability=TEACHING_PROBABILITY))
        self._write("people", pa.table({**profiles, "person": people[profiles["id"]]}))

    def _with_frequencies(self, model: MatchModel) -> MatchModel:
        values = {each.column: each.column for each in self._compared}
        if {"first_name", "last_name"} <= set(values):
            values[BOTH_NAMES] = BOTH_NAMES_SQL
        found = {name: frequencies_of(self._database, name, value) for name, value in values.items()}
        tables = [FREQUENCIES_SCHEMA.empty_table(), *(table for table, _ in found.values())]
        return replace(
            model, frequencies=pa.concat_tables(tables), rare={name: rare for name, (_, rare) in found.items()}
        )

    def _with_strangers(self, model: MatchModel) -> MatchModel:
        weigh(self._database, model, "random_pairs")
        counts = level_counts(self._database, self._compared, apart="person")
        learned = {
            each.column: replace(model.shares[each.column], strangers=shares(counts[each.column], _even(each), 1.0))
            for each in self._compared
        }
        return replace(model, shares=learned)

    def _with_same_person(self, model: MatchModel) -> MatchModel:
        """From all pairs of records of one person; of identifiers, from those that exact rules did not join."""
        self._database.execute(
            """
            create or replace table pairs_of_people as
            select l.id as left_id, r.id as right_id from people as l join people as r using (person) where l.id < r.id
            """
        )
        weigh(self._database, model, "pairs_of_people")
        counts = level_counts(self._database, self._compared)
        counts |= level_counts(self._database, [each for each in self._compared if each.is_identifier], apart="label")
        learned = {
            each.column: replace(
                model.shares[each.column], same_person=shares(counts[each.column], each.usual, USUAL_PAIRS)
            )
            for each in self._compared
        }
        return replace(model, shares=learned)


def _even(comparison: Comparison) -> tuple[float, ...]:
    return (1 / (comparison.same + 1),) * (comparison.same + 1)


def _bits_between(model: MatchModel, better: MatchModel) -> float:
    """How much more a pair weighs under the prior of the better model."""
    one, other = (each.prior / (1 - each.prior) for each in (model, better))
    return float(np.log2(other / one))
