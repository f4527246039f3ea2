"""What the people found so far teach: how often values occur, and how often they agree."""

from collections.abc import Sequence

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from c360.identity.matching.database import arrays
from c360.identity.matching.kinds import Comparison
from c360.identity.matching.model import FREQUENCIES_SCHEMA, Floats
from c360.identity.matching.vectors import WEIGHED

MIN_PEOPLE_PER_VALUE = 5
"""A value that fewer people hold counts as rare and is not kept in the model."""


def frequencies_of(database: duckdb.DuckDBPyConnection, name: str, value: str) -> tuple[pa.Table, float]:
    """The values that several people hold with their share of people, and the share that every other value counts for.

    The records of one person count together as one.

    Args:
        database: With the tables `profiles` and `people`.
        name: What the values are called in the result.
        value: The column of the profiles, or what is made of some.
    """
    database.execute(
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
    total = max(float(arrays(database, "select coalesce(sum(weight), 0) as total from held")["total"][0]), 1.0)
    table = database.sql(
        f"""
        select '{name}' as "column", value, weight / {total} as frequency
        from held where people >= {MIN_PEOPLE_PER_VALUE} order by value
        """
    ).to_arrow_table()
    return pa.table(table).cast(FREQUENCIES_SCHEMA), 1.0 / total


def level_counts(
    database: duckdb.DuckDBPyConnection, counted: Sequence[Comparison], apart: str | None = None
) -> dict[str, Floats]:
    """By column, how many of the weighed pairs are on each level, and last on none.

    Args:
        database: With the tables `weighed_pairs` and `people`.
        counted: The comparisons to look at.
        apart: Only pairs in which this column of `people` differs.
    """
    levels = "".join(f", {each.same} - gamma_{each.column} as {each.column}" for each in counted)
    ends = f"l.{apart} as left_end, r.{apart} as right_end" if apart else "0 as left_end, 1 as right_end"
    # Told apart here and not in the query, where DuckDB would join all people with all others first.
    rows = arrays(
        database,
        f"""
        select {ends}{levels} from {WEIGHED}
        join people as l on l.id = left_id join people as r on r.id = right_id
        """,
    )
    is_counted = rows["left_end"] != rows["right_end"]
    return {each.column: _counts(rows[each.column][is_counted], each.same) for each in counted}


def _counts(levels: npt.NDArray[np.int64], none: int) -> Floats:
    """How many are on each level from 0 to none; beyond are those on which the comparison is silent."""
    return np.bincount(levels[levels <= none], minlength=none + 1).astype(np.float64)


def shares(counts: Floats, usual: Sequence[float], strength: float) -> tuple[float, ...]:
    """The share of each level, where the usual ones weigh as much as `strength` counted pairs."""
    mixed = (counts + strength * np.array(usual)) / (counts.sum() + strength)
    return tuple(float(share) for share in mixed)
