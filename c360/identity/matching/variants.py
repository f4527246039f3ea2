"""Which different values stand for each other, as Tom for Thomas or a village for its district: learned, not listed.

Two values do when they meet in people who agree otherwise, in several people and far more often than by chance.
"""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from c360.identity.matching.kinds import VARIED, Comparison, kind_of
from c360.identity.matching.model import VARIANTS_SCHEMA
from c360.identity.matching.vectors import WEIGHED

MIN_PEOPLE = 3
MIN_OTHER_WEIGHT = 3.0
MIN_LIFT = 10.0


def learn_variants(database: duckdb.DuckDBPyConnection, compared: Sequence[Comparison]) -> pa.Table:
    """The variants of every value, from the weighed pairs within the table `people`."""
    varied = [each for each in compared if kind_of(each.column) in VARIED]
    tables = [VARIANTS_SCHEMA.empty_table(), *(_variants_of(database, each) for each in varied)]
    return pa.concat_tables(tables)


def _variants_of(database: duckdb.DuckDBPyConnection, comparison: Comparison) -> pa.Table:
    column = comparison.column
    unlike = len(comparison.levels) - 1
    found = database.sql(
        f"""
        with apart as (
            select
                least(l.{column}, r.{column}) as value, greatest(l.{column}, r.{column}) as variant,
                people_of_left.person as person
            from {WEIGHED}
            join profiles as l on l.id = left_id join profiles as r on r.id = right_id
            join people as people_of_left on people_of_left.id = left_id
            join people as people_of_right on people_of_right.id = right_id
            where people_of_left.person = people_of_right.person
            and gamma_{column} between 0 and {unlike} and l.{column} <> r.{column}
            and match_weight - mw_{column} - coalesce(mw_tf_adj_{column}, 0) >= {MIN_OTHER_WEIGHT}
        ),
        met as (select value, variant, count(distinct person) as people from apart group by all),
        holders as (select {column} as value, count(distinct person) as people
                    from profiles join people using (id) group by all),
        total as (select count(distinct person) as people from people),
        telling as (
            select met.value, met.variant from met
            join holders as l on l.value = met.value join holders as r on r.value = met.variant, total
            where met.people >= {MIN_PEOPLE} and met.people >= {MIN_LIFT} * l.people * r.people / total.people
        )
        select '{column}' as "column", value, variant from telling
        union all select '{column}' as "column", variant as value, value as variant from telling
        order by all
        """
    ).to_arrow_table()
    return pa.table(found).cast(VARIANTS_SCHEMA)
