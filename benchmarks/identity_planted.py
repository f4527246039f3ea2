"""Who is one person in the sample world, against its truth: precision, recall, and what goes wrong where.

    uv run python benchmarks/identity_planted.py --people 5000 --seed 7 --seed 8 --seed 9 --curve --errors

Each world goes the way of every day: `c360 sample`, `ingest`, `build staging`, `identify`. The truth is read after it,
to score. Precision and recall are over pairs of records: of the pairs said to be one person, how many are, and of the
pairs that are, how many were found. Every record about a person that the pipeline knows counts, however little it says.
Devices are told apart, because nobody can know whose a device is that nobody ever signed in on.

Groups are people who are hard to tell apart or to put together, by what was planted; they overlap. A pair counts for a
group when it is of its people: for precision one of the two is enough. `seconds` is the step `identify`, process and
all.
"""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from identity_world import UNTIL, World, staged

from c360.core.settings import Settings
from c360.core.warehouse import open_warehouse
from c360.identity.engine import resolve
from c360.identity.evidence import Evidence, Positions
from c360.identity.limits.conflicts import Limits
from c360.identity.matching.agglomeration import agglomerate
from c360.identity.rules import Matching, load_rules
from c360.steps.identify import read_evidence

PROBABILITIES = (0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99, 0.995, 0.999)

OTHER_ALPHABETS = ("GR", "BG", "MA")
LINES_OF_ERRORS = 25
"""The causes with the most pairs are printed, so many of each kind."""


@dataclass(frozen=True)
class Scored:
    """Pairs of records, counted."""

    true_count: int
    found_count: int
    right_count: int

    @property
    def precision(self) -> float:
        """Of the pairs said to be one person, the share that is."""
        return self.right_count / self.found_count if self.found_count else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs that are one person, the share that was found."""
        return self.right_count / self.true_count if self.true_count else 1.0

    def __str__(self) -> str:
        return f"{self.true_count:>10,} {self.precision:>9.4f} {self.recall:>9.4f} {self.f1:>9.4f}"

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def main(
    people: Annotated[int, typer.Option(help="People of each world.")] = 5000,
    seed: Annotated[list[int], typer.Option(help="A world for each; give it several times.")] = [7, 8, 9],  # noqa: B006
    curve: Annotated[bool, typer.Option(help="Precision and recall over `link_probability` as well.")] = False,
    rebuild: Annotated[
        bool, typer.Option(help="Build everything again as well, and count who keeps their id.")
    ] = False,
    errors: Annotated[bool, typer.Option(help="Count what went wrong, by cause, as well.")] = False,
    folder: Annotated[
        Path | None, typer.Option(help="Keep the worlds here, and use again those that are there. Default: neither.")
    ] = None,
) -> None:
    """Print a line for each world and group."""
    for number in seed:
        with staged(people, number, folder) as world:
            world.forget()
            taken = world.run("identify", "--as-of", UNTIL)
            told = joined(world)
            _print(f"\n{people:,} people, seed {number}: {_sizes(world, told)}, {taken.seconds:.1f} s")
            _print_groups(world, told)
            if errors:
                _print_errors(world, told[~is_device(told)])
            if rebuild:
                _print_rebuild(world)
            if curve:
                _print_curve(world)


def joined(world: World) -> pd.DataFrame:
    """`record_id`, `source_name`, `person_id` and `customer_id` of every record that truth and pipeline know."""
    found = world.rows("select record_id, customer_id from pipeline.identity_clusters")
    return world.truth("records").drop_duplicates("record_id").merge(found, on="record_id")


def is_device(told: pd.DataFrame) -> "pd.Series[bool]":
    """Which records are of a device, not about a person."""
    return told["record_id"].str.contains(":device:", regex=False)


def scored(told: pd.DataFrame) -> Scored:
    """All pairs of records counted."""
    return Scored(
        _pairs(told.groupby("person_id").size()),
        _pairs(told.groupby("customer_id").size()),
        _pairs(told.groupby(["customer_id", "person_id"]).size()),
    )


def scored_for(told: pd.DataFrame, people: set[str]) -> Scored:
    """The pairs of a group's people counted, with those that put one of them together with somebody else."""
    is_in = told["person_id"].isin(people)
    within, without = scored(told[is_in]), told[~is_in]
    together = told[told["customer_id"].isin(told.loc[is_in, "customer_id"])]
    others = without[without["customer_id"].isin(together["customer_id"])]
    touching = _pairs(together.groupby("customer_id").size()) - _pairs(others.groupby("customer_id").size())
    return Scored(within.true_count, touching, within.right_count)


def _pairs(sizes: "pd.Series[int]") -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def groups(world: World) -> dict[str, set[str]]:
    """The people of each planted difficulty, and those of none."""
    people, shared = world.truth("people"), world.truth("shared_identifiers")
    by_type = shared.groupby("identifier_type")["person_id"].agg(set).to_dict()
    found = {
        "shares an e-mail": by_type.get("email", set()),
        "shares a card": by_type.get("loyalty_number", set()),
        "uses a store's tablet": by_type.get("anonymous_id", set()),
        "twins": set(people.loc[people["is_twin"] == "true", "person_id"]),
        "moved": set(people.loc[people["moved_date"].notna(), "person_id"]),
        "took another surname": set(people.loc[people["married_date"].notna(), "person_id"]),
        "writes another alphabet": set(people.loc[people["country_code"].isin(OTHER_ALPHABETS), "person_id"]),
        "tester of the shop": set(people.loc[people["is_test"] == "true", "person_id"]),
    }
    return found | {"none of these": set(people["person_id"]).difference(*found.values())}


def _sizes(world: World, told: pd.DataFrame) -> str:
    unknown = len(world.truth("records").drop_duplicates("record_id")) - len(told)
    return (
        f"{len(told):,} records ({unknown:,} of the truth not in the pipeline), {told['person_id'].nunique():,} "
        f"people, {told['customer_id'].nunique():,} customers"
    )


def _print_groups(world: World, told: pd.DataFrame) -> None:
    _print(f"{'group':<26}{'people':>8} {'true pairs':>10} {'precision':>9} {'recall':>9} {'F1':>9}")
    _print(f"{'with devices':<26}{told['person_id'].nunique():>8,} {scored(told)}")
    told = told[~is_device(told)]
    _print(f"{'all':<26}{told['person_id'].nunique():>8,} {scored(told)}")
    for name, people in groups(world).items():
        _print(f"{name:<26}{len(people):>8,} {scored_for(told, people)}")


def false_merges(world: World, told: pd.DataFrame) -> pd.DataFrame:
    """The accepted evidence that ties two people, by rule, sources, and what the two have in common by plan."""
    edges = world.rows("select left_record_id, right_record_id, rule, score from pipeline.identity_edges")
    crossing = _with_people(edges, told).query("left_person_id != right_person_id")
    crossing = crossing.assign(relation=_relations(world, crossing), sources=_sources(crossing))
    causes = crossing.groupby(["rule", "sources", "relation"])["score"].agg(edges="size", least="min", most="max")
    return causes.sort_values("edges", ascending=False).reset_index()


def missed_pieces(world: World, told: pd.DataFrame) -> pd.DataFrame:
    """Customers that are a smaller piece of a person, by the sources of their records and why they stand alone."""
    pieces = told.groupby(["person_id", "customer_id"]).agg(
        records=("record_id", "size"), sources=("source_name", lambda names: "+".join(sorted(set(names))))
    )
    pieces = pieces.sort_values("records", ascending=False, kind="stable").reset_index()
    pieces["lost_pairs"] = pieces["records"] * (pieces.groupby("person_id")["records"].cumsum() - pieces["records"])
    lost = pieces[pieces["lost_pairs"] > 0]
    causes = lost.assign(cause=_causes(world, told, lost)).groupby(["cause", "sources"])
    summed = causes.agg(pieces=("records", "size"), lost_pairs=("lost_pairs", "sum"))
    return summed.sort_values("lost_pairs", ascending=False).reset_index()


def _causes(world: World, told: pd.DataFrame, lost: pd.DataFrame) -> "pd.Series[str]":
    """Why a piece was not joined to the person's other records: refused, not sure enough, or never compared."""
    refused = world.rows("select left_record_id, right_record_id, rule, reason from pipeline.identity_refused_merges")
    pairs = world.rows("select left_record_id, right_record_id, probability from pipeline.identity_pairs")
    reasons = _of_pieces(_with_people(refused, told), "reason").groupby("customer_id")["reason"].min()
    chances = _of_pieces(_with_people(pairs, told), "probability").groupby("customer_id")["probability"].max()
    steps = pd.cut(chances, [-1, 0.1, 0.5, 0.8, 0.95, 2], labels=["< 0.1", "< 0.5", "< 0.8", "< 0.95", ">= 0.95"])
    causes = "refused: " + lost["customer_id"].map(reasons).astype("str")
    scored_at = "scored " + lost["customer_id"].map(steps.astype("str")).astype("str")
    return causes.fillna(scored_at).fillna("never compared").rename("cause")


def _of_pieces(pairs: pd.DataFrame, said: str) -> pd.DataFrame:
    """What was said of pairs that are one person and two customers, once for each of the two."""
    apart = pairs.query("left_person_id == right_person_id and left_customer_id != right_customer_id")
    sides = [apart[[f"{side}_customer_id", said]] for side in ("left", "right")]
    return pd.concat([side.set_axis(["customer_id", said], axis=1) for side in sides])


def _with_people(pairs: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Pairs of records with person, customer and source of both, where the truth knows both."""
    for side in ("left", "right"):
        pairs = pairs.merge(told.add_prefix(f"{side}_"), on=f"{side}_record_id")
    return pairs


def _sources(pairs: pd.DataFrame) -> "pd.Series[str]":
    lefts, rights = pairs["left_source_name"], pairs["right_source_name"]
    return lefts.where(lefts < rights, rights) + " - " + rights.where(lefts < rights, lefts)


def _relations(world: World, pairs: pd.DataFrame) -> "pd.Series[str]":
    """What two different people have in common by plan; the most telling thing first."""
    people, shared = world.truth("people").set_index("person_id"), world.truth("shared_identifiers")
    lefts, rights = pairs["left_person_id"], pairs["right_person_id"]
    is_home = lefts.map(people["household_id"]) == rights.map(people["household_id"])
    is_twin = is_home & (lefts.map(people["is_twin"]) == "true") & (rights.map(people["is_twin"]) == "true")
    is_sharing = {
        kind: lefts.map(values) == rights.map(values)
        for kind in ("email", "loyalty_number")
        for values in [shared[shared["identifier_type"] == kind].set_index("person_id")["identifier_value"]]
    }
    choices = {"twins": is_twin, "one e-mail": is_sharing["email"], "one card": is_sharing["loyalty_number"]}
    choices["one household"] = is_home
    names = np.select([mask.to_numpy() for mask in choices.values()], list(choices), "strangers")
    return pd.Series(names, index=pairs.index)


def _print_errors(world: World, told: pd.DataFrame) -> None:
    for title, causes in (
        ("false merges, by accepted evidence", false_merges(world, told)),
        ("missed, by piece", missed_pieces(world, told)),
    ):
        _print(f"\n{title}: {len(causes)} causes")
        _print(causes.head(LINES_OF_ERRORS).to_string(index=False))


def _print_curve(world: World) -> None:
    """Precision and recall as `link_probability` rises, everything else as in the rules."""
    rules = load_rules(Settings().identity_rules_path)
    with open_warehouse(Settings(data_dir=world.data_dir)) as warehouse:
        evidence = read_evidence(warehouse, rules)
    resolution = resolve(evidence, rules)
    without = resolve(evidence, rules.model_copy(update={"matching": Matching(is_on=False)}), (), resolution.learned)
    limits = Limits(evidence, rules, (), resolution.learned.names)
    _print(f"\n{'link_probability':<34}{'true pairs':>10} {'precision':>9} {'recall':>9} {'F1':>9}")
    _print(f"{'nothing is matched':<34}{scored(_labelled(world, evidence, without.labels))}")
    for probability in PROBABILITIES:
        matching = rules.matching.model_copy(update={"link_probability": probability})
        matched = agglomerate(without.labels, resolution.pairs, limits, matching)
        _print(f"{probability:<34}{scored(_labelled(world, evidence, matched.labels))}")


def _labelled(world: World, evidence: Evidence, labels: Positions) -> pd.DataFrame:
    found = pd.DataFrame({"record_id": evidence.records["record_id"].to_pylist(), "customer_id": labels})
    told = world.truth("records").drop_duplicates("record_id").merge(found, on="record_id")
    return told[~is_device(told)]


def _print_rebuild(world: World) -> None:
    """The share of customers who keep their id when everything but the registry is built again, and matching learns."""
    sql = "select record_id, customer_id from pipeline.identity_clusters"
    before = world.rows(sql)
    (world.data_dir / "warehouse.duckdb").unlink()
    shutil.rmtree(world.data_dir / "identity" / "learned", ignore_errors=True)
    world.run("ingest", "--as-of", UNTIL)
    world.run("build", "staging", "--as-of", UNTIL)
    world.run("identify", "--as-of", UNTIL)
    after = world.rows(sql)
    kept = before.merge(after, on=["record_id", "customer_id"])["customer_id"].nunique()
    _print(f"after a full rebuild {kept / before['customer_id'].nunique():.4%} of the customers have their id")


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    typer.run(main)
