"""Matching: profiles, keys, training without labels, and scores that depend on the two records alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from c360.core.errors import C360Error
from c360.identity.evidence import IDENTIFIERS_SCHEMA, Evidence, Links, gather
from c360.identity.matching import MatchModel, blocking, score, train
from c360.identity.matching.agglomeration import join_pairs
from c360.identity.matching.kinds import column_names, comparisons, kind_of
from c360.identity.rules import ATTRIBUTE_KINDS, Rules

RULES = Rules(
    attributes={
        "first_name": "first_name",
        "last_name": "last_name",
        "born": "birth_date",
        "town": "city",
        "zip": "postal_code",
    }
)
FIRST_NAMES = (
    "anna",
    "bernard",
    "chloe",
    "dimitri",
    "elena",
    "fatima",
    "gustav",
    "helene",
    "ivan",
    "jasper",
    "kirsten",
)
LAST_NAMES = (
    "abel",
    "berger",
    "costa",
    "dupont",
    "evans",
    "fischer",
    "garcia",
    "horvat",
    "ivanov",
    "jansen",
    "kowalski",
)
TOWNS = ("aachen", "bordeaux", "coimbra", "dresden", "evora")
COPIES = 3


def _people(count: int, seed: int = 1) -> list[dict[str, str | None]]:
    """Three records of each person: one whole, one with a wrong letter in the name, one without town and code."""
    chance = np.random.default_rng(seed)
    rows: list[dict[str, str | None]] = []
    for person in range(count):
        last_name = f"{chance.choice(LAST_NAMES)}{chance.choice(LAST_NAMES)}"
        town = int(chance.integers(len(TOWNS)))
        whole = {
            "record_id": f"p{person:04}-0",
            "source_name": "shop",
            "first_name": str(chance.choice(FIRST_NAMES)),
            "last_name": last_name,
            "born": str(np.datetime64("1950-01-01") + int(chance.integers(20000))),
            "town": TOWNS[town],
            "zip": f"{town}{chance.integers(100, 999)}",
        }
        wrong = whole | {"record_id": f"p{person:04}-1", "last_name": f"{last_name[:3]}x{last_name[4:]}"}
        less = whole | {"record_id": f"p{person:04}-2", "town": None, "zip": None}
        rows += [whole, wrong, less]
    return rows


def _evidence(rows: list[dict[str, str | None]]) -> Evidence:
    columns = ["record_id", "source_name", *RULES.attributes]
    records = pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in columns})
    return gather(records, IDENTIFIERS_SCHEMA.empty_table(), RULES)


def _apart(evidence: Evidence) -> np.ndarray:
    return np.arange(evidence.record_count)


def _named(evidence: Evidence, pairs: Links) -> dict[tuple[str, str], float]:
    ids = evidence.records["record_id"].to_pylist()
    ends = zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    return {(ids[left], ids[right]): chance for (left, right), chance in zip(ends, pairs.score.tolist(), strict=True)}


@pytest.fixture(scope="module")
def world() -> Evidence:
    """Three records each of 120 people."""
    return _evidence(_people(120))


@pytest.fixture(scope="module")
def model(world: Evidence) -> MatchModel:
    """What the world teaches."""
    return train(world, _apart(world), RULES)


def test_people_are_found_without_labels(world: Evidence, model: MatchModel) -> None:
    """Three records of each of 120 people come together, and hardly anybody with somebody else."""
    labels = join_pairs(_apart(world), score(world, _apart(world), RULES, model), RULES.matching)
    people = np.arange(world.record_count) // COPIES
    together = labels[:, None] == labels[None, :]
    true = people[:, None] == people[None, :]
    off = ~np.eye(len(people), dtype=bool)

    assert (together & true & off).sum() / (true & off).sum() > 0.95
    assert (together & true & off).sum() / (together & off).sum() > 0.99


def test_a_model_that_is_saved_scores_as_before(world: Evidence, model: MatchModel, tmp_path: Path) -> None:
    """Every pair has the same probability to the last bit."""
    model.save(tmp_path / "model")
    before, after = (score(world, _apart(world), RULES, each) for each in (model, MatchModel.load(tmp_path / "model")))

    assert len(before) > 200
    assert _named(world, before) == _named(world, after)


def test_what_is_learned_has_no_noise_of_threads(model: MatchModel) -> None:
    """A last digit that another order of adding gives is gone, so learning again gives the same bytes."""
    noisy = replace(
        model, prior=model.prior * (1 + 1e-13), rare={name: n * (1 + 1e-13) for name, n in model.rare.items()}
    )

    assert noisy.about != model.about
    assert noisy.settled().about == model.about


def test_half_a_model_is_refused(model: MatchModel, tmp_path: Path) -> None:
    """A folder from which a file is gone says so, and what to do."""
    model.save(tmp_path)
    (tmp_path / "variants.parquet").unlink()

    with pytest.raises(C360Error, match="c360 identity train"):
        MatchModel.load(tmp_path)


def test_the_model_keeps_no_value_that_few_people_hold(model: MatchModel) -> None:
    """What only a handful of people hold could tell who they are."""
    kept = set(model.frequencies["value"].to_pylist())

    assert kept & set(FIRST_NAMES)
    assert not [value for value in kept if value[:2] in ("19", "20") and value[4:5] == "-"]


def test_a_score_depends_on_no_other_record(world: Evidence, model: MatchModel) -> None:
    """With half of the records gone, the pairs that are left have the scores they had."""
    half = _evidence(_people(120)[: 60 * COPIES])
    whole, part = (_named(each, score(each, _apart(each), RULES, model)) for each in (world, half))
    expected = {pair: chance for pair, chance in whole.items() if max(pair) < "p0060"}

    assert len(part) > 100
    assert part == expected


def test_touched_records_get_the_pairs_of_a_full_run(world: Evidence, model: MatchModel) -> None:
    """Exactly the pairs with a touched side, scored alike."""
    touched = np.zeros(world.record_count, bool)
    touched[[0, 7, 100]] = True
    full = score(world, _apart(world), RULES, model)
    some = score(world, _apart(world), RULES, model, touched)
    is_touched = touched[full.left] | touched[full.right]

    assert is_touched.sum() >= 3
    assert set(zip(some.left, some.right, some.score, strict=True)) == set(
        zip(full.left[is_touched], full.right[is_touched], full.score[is_touched], strict=True)
    )


def test_records_of_one_cluster_are_no_pair(world: Evidence, model: MatchModel) -> None:
    """What exact rules joined is not compared again."""
    labels = np.arange(world.record_count) // COPIES * COPIES
    pairs = score(world, labels, RULES, model)

    assert not (labels[pairs.left] == labels[pairs.right]).any()


def test_the_household_is_not_one_person(world: Evidence, model: MatchModel) -> None:
    """Same surname and address, other first name and birth date: far from sure, however rare the surname."""
    home = {"source_name": "shop", "last_name": "zwingli", "town": "aachen", "zip": "0777"}
    couple = [
        {"record_id": "q1", "first_name": "anna", "born": "1980-02-03", **home},
        {"record_id": "q2", "first_name": "gustav", "born": "1977-11-20", **home},
    ]
    evidence = _evidence([*_people(120), *couple])
    chances = _named(evidence, score(evidence, _apart(evidence), RULES, model))

    assert chances.get(("q1", "q2"), 0.0) < 0.1


def test_what_a_household_shares_makes_nobody_one_person(model: MatchModel) -> None:
    """However many bits name and address give, it is first name and birth date that must tell."""
    families = replace(model, household=1.0)
    chances = families.probability(np.array([15.0, 15.0]), np.array([-4.0, 12.0]))

    assert chances[0] < 0.1
    assert chances[1] > 0.99


def test_nothing_to_compare_is_no_error() -> None:
    """No records, one record, or records without name and birth date teach nothing and give no pairs."""
    for rows in ([], _people(1)[:1], [row | dict.fromkeys(RULES.attributes) for row in _people(2)]):
        evidence = _evidence(rows)
        pairs = score(evidence, _apart(evidence), RULES, train(evidence, _apart(evidence), RULES))

        assert len(pairs) == 0


def test_many_records_are_compared_by_keys(monkeypatch: pytest.MonkeyPatch, world: Evidence) -> None:
    """Where not all are compared with all, keys still reach the people."""
    monkeypatch.setattr(blocking, "MAX_PROFILES_ALL_COMPARED", 10)
    model = train(world, _apart(world), RULES)
    pairs = score(world, _apart(world), RULES, model)
    sure = pairs.score > 0.9
    people = np.arange(world.record_count) // COPIES

    assert not model.compares_all
    assert (people[pairs.left[sure]] == people[pairs.right[sure]]).sum() > 0.9 * 120 * COPIES


def test_every_kind_is_compared_or_feeds_a_comparison() -> None:
    """A kind that rules may name is of use: alone it gives a comparison, a full name gives two."""
    for kind in ATTRIBUTE_KINDS:
        parts = ["first_name", "last_name"] if kind == "full_name" else [kind]

        assert [each.column for each in comparisons(parts)] == parts


def test_attributes_of_one_kind_are_columns_of_their_own() -> None:
    """The second of a kind has a number, and is of that kind."""
    names = column_names({"a": "text", "b": "text", "c": "city"})

    assert names == {"a": "text", "b": "text_2", "c": "city"}
    assert kind_of("text_2") == "text"
