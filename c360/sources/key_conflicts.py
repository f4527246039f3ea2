"""Rows of one table that share a key and say different things: which they are, and which of them stands.

The greatest version stands (the contract's `version`, else its event time), and among equal versions the greatest
content, so the answer does not depend on what arrived first. A row without any value in its key has no key to share.
"""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from c360.sources.accounts import FileAccount
from c360.sources.casting import quoted
from c360.sources.contract import Table
from c360.sources.lake import TableLake, content_columns
from c360.sources.rows_as_text import count

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
    key = _listed(terms.key)
    found = engine.sql(f"""
        select _file_digest as file_digest, _line as line,
            row_number() over (partition by {key} order by {_order(terms)}, _file_digest, _line) = 1 as is_current
        from (select *, hash({key}) as _key_hash from keyed_rows) semi join contested_keys using (_key_hash)
        qualify count(*) over (partition by {key}) > 1
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


def _with_a_key(terms: Table, relation: str) -> str:
    has_key = " or ".join(f"{quoted(name)} is not null" for name in terms.key)
    return f"select * from ({relation}) where {has_key}"


def _order(terms: Table) -> str:
    version = [terms.version_column] if terms.version_column else []
    return ", ".join(f"{quoted(name)} desc nulls last" for name in version + content_columns(terms))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(quoted(name) for name in names)
