"""Pairs of profiles compared and weighed by Splink, in the caller's DuckDB connection."""

import logging
from typing import Any

import duckdb
import numpy as np

from c360.identity.evidence import Links
from c360.identity.matching.database import arrays
from c360.identity.matching.kinds import PERSONAL_BITS, Comparison, comparisons, kind_of
from c360.identity.matching.model import MatchModel, Shares

# Splink tells what it caches and how long it takes; c360 logs its own steps.
logging.getLogger("splink").setLevel(logging.ERROR)

WEIGHED = "weighed_pairs"
BOTH_NAMES = "first_name last_name"
"""The entry of the frequencies for both names together."""
BOTH_NAMES_SQL = "first_name || ' ' || last_name"


def write_variants(database: duckdb.DuckDBPyConnection, model: MatchModel) -> None:
    """Fill the lists of variants in the table `profiles`."""
    database.register("variants", model.variants)
    for column in sorted(set(model.variants["column"].to_pylist())):
        database.execute(
            f"""
            update profiles set {column}_variants = known.variants
            from (
                select value, list(variant order by variant) as variants from variants where "column" = ? group by value
            ) as known where profiles.{column} = known.value
            """,
            [column],
        )
    database.unregister("variants")


def weigh(database: duckdb.DuckDBPyConnection, model: MatchModel, pairs: str, floor: float | None = None) -> None:
    """Compare the pairs of a table (`left_id`, `right_id`) and write the table `weighed_pairs`.

    It holds `left_id`, `right_id`, `match_weight` (bits for one person against two strangers), `personal_weight` (what
    of it tells one person from another of the same household) and for every compared column its level
    (`gamma_<column>`, counted down to 0; -1 where it is silent) and weight (`mw_<column>`, `mw_tf_adj_<column>`).

    Args:
        database: With the table `profiles`.
        model: What every level tells.
        pairs: The name of the table.
        floor: Leave out pairs below this weight.
    """
    from splink import DuckDBAPI, Linker, SettingsCreator

    api = DuckDBAPI(connection=database)
    linker: Any = Linker(
        api.register("profiles"),
        SettingsCreator.from_path_or_dict(_settings(model)),
        log_level=None,  # else it writes beside the log of the run
        validate_settings=False,
    )
    for comparison in comparisons(model.columns):
        _register_frequencies(database, api, linker, model, comparison.column)
    blocked = f"select left_id as join_key_l, right_id as join_key_r, '0' as match_key from {pairs}"
    database.execute(f"create or replace table blocked as {blocked}")
    linker.table_management.register_blocked_pairs_for_predict(api.register("blocked"))
    weighed = linker.inference.predict(threshold_match_weight=floor, warning_mode="never").physical_name
    _write_name_frequencies(database, model)
    database.execute(
        f"""
        create or replace table {WEIGHED} as
        select
            id_l as left_id, id_r as right_id, match_weight + {_name_dependence(model)} as match_weight,
            {_personal_weight(model)} as personal_weight, columns('^(gamma|mw)_')
        from {weighed}
        join name_frequencies as of_left on of_left.id = id_l
        join name_frequencies as of_right on of_right.id = id_r
        """
    )
    linker.table_management.delete_tables_created_by_splink_from_db()


def weighed_links(database: duckdb.DuckDBPyConnection, model: MatchModel) -> Links:
    """The table `weighed_pairs` as links, by left and right, each with the probability that the model gives it."""
    rows = arrays(
        database, f"select left_id, right_id, match_weight, personal_weight from {WEIGHED} order by left_id, right_id"
    )
    probability = model.probability(rows["match_weight"], rows["personal_weight"])
    return Links(rows["left_id"], rows["right_id"], np.full(len(probability), "matching", object), probability)


def _write_name_frequencies(database: duckdb.DuckDBPyConnection, model: MatchModel) -> None:
    """Write the table `name_frequencies`: the share of people who have both names of each profile."""
    names = BOTH_NAMES_SQL if _has_both_names(model) else "null::varchar"
    database.register("frequencies", model.frequencies)
    database.execute(
        f"""
        create or replace table name_frequencies as
        select id, coalesce(frequency, ?) as frequency
        from (select id, {names} as both_names from profiles)
        left join frequencies on "column" = ? and value = both_names
        """,
        [model.rare.get(BOTH_NAMES, 1.0), BOTH_NAMES],
    )
    database.unregister("frequencies")


def _has_both_names(model: MatchModel) -> bool:
    return {"first_name", "last_name"} <= set(model.columns)


def _name_dependence(model: MatchModel) -> str:
    """What both names tell less together than alone, because names of one language go together.

    Together they never tell more than how few people have both.
    """
    if not _has_both_names(model):
        return "0.0"
    told = " + ".join(f"mw_{name} + mw_tf_adj_{name}" for name in ("first_name", "last_name"))
    return f"least(0.0, -log2(greatest(of_left.frequency, of_right.frequency)) - ({told}))"


def _personal_weight(model: MatchModel) -> str:
    weights = [
        f"least(mw_{column} + mw_tf_adj_{column}, {PERSONAL_BITS[kind_of(column)]})"
        for column in (each.column for each in comparisons(model.columns))
        if kind_of(column) in PERSONAL_BITS
    ]
    return " + ".join(weights) or "0.0"


def _register_frequencies(
    database: duckdb.DuckDBPyConnection, api: Any, linker: Any, model: MatchModel, column: str
) -> None:
    """Tell Splink the share of people who hold each value of a column."""
    table = f"frequencies_of_{column}"
    database.register("frequencies", model.frequencies)
    database.execute(
        f"""
        create or replace table {table} as
        select {column}, coalesce(any_value(frequency), ?) as tf_{column}
        from profiles left join frequencies on "column" = ? and value = {column}
        where {column} is not null group by {column}
        """,
        [model.rare[column], column],
    )
    database.unregister("frequencies")
    linker.table_management.register_term_frequency_lookup(api.register(table), column)


def _settings(model: MatchModel) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "id",
        "comparisons": [_as_splink(each, model.shares[each.column]) for each in comparisons(model.columns)],
        "blocking_rules_to_generate_predictions": ["1 = 0"],
        "probability_two_random_records_match": model.prior,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
    }


def _as_splink(comparison: Comparison, shares: Shares) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.silent, "label_for_charts": "silent", "is_null_level": True}
    ]
    for level in comparison.levels:
        rarity = (
            {"tf_adjustment_column": comparison.column, "tf_adjustment_weight": level.rarity} if level.rarity else {}
        )
        levels.append({"sql_condition": level.condition, "label_for_charts": level.name, **rarity})
    levels.append({"sql_condition": "ELSE", "label_for_charts": "other"})
    for level_settings, m, u in zip(levels[1:], shares.same_person, shares.strangers, strict=True):
        level_settings.update(m_probability=m, u_probability=u)
    return {"output_column_name": comparison.column, "comparison_levels": levels}
