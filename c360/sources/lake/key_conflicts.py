"""Rows of one table that share a key and say different things: which they are, and which of them stands.

The greatest version stands (the contract's `version`, else its event time), and among equal versions the greatest
content, so the answer does not depend on what arrived first. A row without any value in its key has no key to share.
"""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from c360.core.sql import quoted
from c360.sources.contracts.contract import Table
from c360.sources.contracts.lake_columns import content_columns
from c360.sources.lake.accounts import FileAccount
from c360.sources.lake.lake import TableLake
from c360.sources.reading.rows_as_text import count

FOUND = pa.schema([("file_digest", pa.string()), ("line", pa.int64()), ("is_current", pa.bool_())])


def find_conflicts(
    engine: duckdb.DuckDBPyConnection, lake: TableLake, fresh: Iterable[FileAccount] | None = None
) -> pa.Table:
    """Every row of a key that has several, as `FOUND`; of the keys in the files `fresh` only, or of all.

    The work is a pass over hashes of the keys when there is no conflict. Only rows of contested keys are looked at
    whole.
    """
    terms = lake.table.terms
    if set(terms.key) >= set(terms.columns):
        return FOUND.empty_table()
    engine.execute(f"create or replace temp view keyed_rows as {_with_a_key(terms, lake.relation())}")
    _find_contested_keys(engine, terms, None if fresh is None else lake.relation_of(fresh))
    if not count(engine, "contested_keys"):
        return FOUND.empty_table()
    _find_contested_rows(engine, terms)
    _settle_ties(engine, terms)
    found = engine.sql("""
        select file_digest, line, is_newest and defeated.line is null as is_current
        from contested_rows left join defeated_rows as defeated using (file_digest, line)
        order by file_digest, line
    """)
    return found.to_arrow_table().cast(FOUND)


def merge_conflicts(engine: duckdb.DuckDBPyConnection, earlier: pa.Table, found: pa.Table) -> pa.Table:
    """What was found before, with what was found now in place of the same rows."""
    if not earlier.num_rows:
        return found
    engine.register("earlier_conflicts", earlier)
    engine.register("found_conflicts", found)
    merged = engine.sql("""
        from found_conflicts union all
        (from earlier_conflicts anti join found_conflicts using (file_digest, line))
        order by file_digest, line
    """).to_arrow_table()
    engine.unregister("earlier_conflicts")
    engine.unregister("found_conflicts")
    return merged.cast(FOUND)


def _find_contested_keys(engine: duckdb.DuckDBPyConnection, terms: Table, fresh: str | None) -> None:
    """Write `contested_keys._key_hash`: hashes that several rows share, so their keys may be the same."""
    key_hash = f"hash({_listed(terms.key)}) as _key_hash"
    among_fresh = f"semi join (select {key_hash} from ({_with_a_key(terms, fresh)})) using (_key_hash)" if fresh else ""
    engine.execute(f"""
        create or replace temp table contested_keys as
        select _key_hash from (select {key_hash} from keyed_rows) {among_fresh}
        group by _key_hash having count(*) > 1
    """)


def _find_contested_rows(engine: duckdb.DuckDBPyConnection, terms: Table) -> None:
    """Write `contested_rows`: the place of each row whose key others have, and whether none of those is newer."""
    key, version = _listed(terms.key), quoted(terms.version_column) if terms.version_column else "null"
    engine.execute(f"""
        create or replace temp table contested_rows as
        with suspected as (
            select {key}, {version} as _version, _file_digest as file_digest, _line as line
            from (select *, hash({key}) as _key_hash from keyed_rows) semi join contested_keys using (_key_hash)
        ),
        newest as (
            select {key}, max(_version) as _newest from suspected group by {key} having count(*) > 1
        )
        select suspected.*, _version is not distinct from _newest as is_newest
        from suspected join newest on {_same_key(terms, "suspected", "newest")}
    """)


def _settle_ties(engine: duckdb.DuckDBPyConnection, terms: Table) -> None:
    """Write `defeated_rows`: of rows with one key and the same version, those whose content is not the greatest."""
    key = _listed(terms.key)
    engine.execute(f"""
        create or replace temp table tied_rows as
        with tied as (select {key} from contested_rows where is_newest group by {key} having count(*) > 1)
        select file_digest, line from contested_rows semi join tied on {_same_key(terms, "contested_rows", "tied")}
        where is_newest
    """)
    content = ", ".join(f"{quoted(name)} desc nulls last" for name in content_columns(terms))
    ranked = f"row_number() over (partition by {key} order by {content}, _file_digest, _line)"
    engine.execute(f"""
        create or replace temp table defeated_rows as
        select _file_digest as file_digest, _line as line
        from keyed_rows
        semi join tied_rows on keyed_rows._file_digest = tied_rows.file_digest and keyed_rows._line = tied_rows.line
        qualify {ranked} > 1
    """)


def _with_a_key(terms: Table, relation: str) -> str:
    has_key = " or ".join(f"{quoted(name)} is not null" for name in terms.key)
    return f"select * from ({relation}) where {has_key}"


def _same_key(terms: Table, one: str, other: str) -> str:
    return " and ".join(f"{one}.{quoted(name)} is not distinct from {other}.{quoted(name)}" for name in terms.key)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(quoted(name) for name in names)
