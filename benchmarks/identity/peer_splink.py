"""Splink with the settings of its own tutorials on a public set; writes `record_id,cluster,threshold`."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLDS = (0.5, 0.9, 0.95, 0.99)


@dataclass(frozen=True)
class Tutorial:
    """What a tutorial of Splink sets for a data set."""

    record_id: str
    comparisons: list[Any]
    blocking: list[Any]
    certain: list[Any]
    recall: float
    sessions: list[Any]
    max_pairs: float


def _rarity(column: str) -> Any:
    return compare.ExactMatch(column).configure(term_frequency_adjustments=True)


TUTORIALS = {
    "fake_1000": Tutorial(
        "unique_id",
        [
            compare.NameComparison("first_name"),
            compare.NameComparison("surname"),
            compare.DateOfBirthComparison("dob", input_is_string=True),
            _rarity("city"),
            compare.EmailComparison("email"),
        ],
        [block_on("first_name", "city"), block_on("surname"), block_on("dob"), block_on("email")],
        [block_on("first_name", "dob"), block_on("email")],
        0.7,
        [block_on("first_name", "surname"), block_on("dob"), block_on("email")],
        1e6,
    ),
    "febrl": Tutorial(
        "rec_id",
        [
            compare.NameComparison("given_name"),
            compare.NameComparison("surname"),
            compare.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            compare.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            _rarity("street_number"),
            compare.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        ],
        [
            block_on("soc_sec_id"),
            block_on("given_name"),
            block_on("surname"),
            block_on("date_of_birth"),
            block_on("postcode"),
        ],
        [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")],
        0.9,
        [block_on("date_of_birth"), block_on("postcode")],
        1e6,
    ),
    "historical_50k": Tutorial(
        "unique_id",
        [
            compare.ForenameSurnameComparison("first_name", "surname"),
            compare.DateOfBirthComparison("dob", input_is_string=True),
            compare.PostcodeComparison("postcode_fake"),
            _rarity("birth_place"),
            _rarity("occupation"),
        ],
        [
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        [
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on("dob", "postcode_fake"),
        ],
        0.6,
        [block_on("first_name", "surname"), block_on("dob")],
        5e6,
    ),
}


def main(name: str, paths: list[Path], out: Path) -> None:
    """Cluster one set at several thresholds."""
    tutorial = TUTORIALS[name]
    records = _read(paths)
    started = time.perf_counter()
    linker = _trained(records, tutorial)
    pairs = linker.inference.predict(threshold_match_probability=min(THRESHOLDS), warning_mode="never")
    found = []
    for threshold in THRESHOLDS:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_probability=threshold
        ).as_pandas_dataframe()
        kept = clusters.rename(columns={tutorial.record_id: "record_id", "cluster_id": "cluster"})
        found.append(kept[["record_id", "cluster"]].assign(threshold=threshold))
    sys.stdout.write(f"{time.perf_counter() - started:.1f}\n")
    pd.concat(found).to_csv(out, index=False)


def _read(paths: list[Path]) -> pd.DataFrame:
    frames = [
        pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype=str, skipinitialspace=True)
        for path in paths
    ]
    records = pd.concat(frames, ignore_index=True).rename(columns=str.strip)
    return records.apply(lambda column: column.astype("str").str.strip()).replace({"": None, "nan": None, "None": None})


def _trained(records: pd.DataFrame, tutorial: Tutorial) -> Any:
    api = DuckDBAPI(connection=duckdb.connect())
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name=tutorial.record_id,
        comparisons=tutorial.comparisons,
        blocking_rules_to_generate_predictions=tutorial.blocking,
    )
    linker = Linker(api.register(records), settings)
    linker.training.estimate_probability_two_random_records_match(tutorial.certain, recall=tutorial.recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=tutorial.max_pairs, seed=7)
    for session in tutorial.sessions:
        linker.training.estimate_parameters_using_expectation_maximisation(session)
    return linker


if __name__ == "__main__":
    main(sys.argv[1], [Path(path) for path in sys.argv[3:]], Path(sys.argv[2]))
