"""Which rows of a file are sound, which are duplicates, and which are refused for what reason: one query each."""

import duckdb

from c360.sources.casting import cast_text, literal, quoted
from c360.sources.contract import Table
from c360.sources.rows_as_text import count, text_name


def judge_rows(engine: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Write `judged_rows`: `_line`, the contract's columns typed, `_reason` (NULL of a sound row) and `_hash`.

    The first fault counts: a missing value (`missing:<column>`), then one that is not of its type
    (`not_<type>:<column>`), then the contract's own rules.
    """
    columns = _columns(table)
    casts = ", ".join(
        f"{cast_text(text_name(name), column.type, table.timezone)} as {quoted(name)}"
        for name, column in table.columns.items()
    )
    texts = ", ".join(text_name(name) for name in table.columns)
    engine.execute(f"""
        create or replace temp table judged_rows as
        select _line, {columns}, {_first_fault(table)} as _reason, hash({columns}) as _hash
        from (select _line, {texts}, {casts} from rows_as_text)
    """)


def find_duplicates(engine: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Write `duplicate_rows._line`: sound rows with the content of an earlier row of the file."""
    engine.execute(f"""
        create or replace temp table duplicate_rows as
        with sound as (select * from judged_rows where _reason is null),
        numbered as (
            select _line, row_number() over (partition by {_columns(table)} order by _line) as place
            from sound where _hash in (select _hash from sound group by _hash having count(*) > 1)
        )
        select _line from numbered where place > 1
    """)


def remember_rows(engine: duckdb.DuckDBPyConnection, table: Table, lake_relation: str) -> None:
    """Write `seen_rows`: the hashes of the rows that are in the lake already."""
    engine.execute(f"""
        create or replace temp table seen_rows as select hash({_columns(table)}) as _hash from ({lake_relation})
    """)


def has_seen_any(engine: duckdb.DuckDBPyConnection) -> bool:
    """Whether a row of the file may be in the lake already: hashes only say maybe."""
    return count(engine, "(from judged_rows semi join seen_rows using (_hash) where _reason is null limit 1)") > 0


def find_duplicates_of_lake(engine: duckdb.DuckDBPyConnection, table: Table, lake_relation: str) -> None:
    """Add to `duplicate_rows` the sound rows with the content of a row in the lake."""
    same = " and ".join(f"lake.{quoted(name)} is not distinct from sound.{quoted(name)}" for name in table.columns)
    engine.execute(f"""
        insert into duplicate_rows
        select _line from (
            from judged_rows semi join seen_rows using (_hash) anti join duplicate_rows using (_line)
            where _reason is null
        ) as sound
        semi join ({lake_relation}) as lake on {same}
    """)


def show_accepted(engine: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Define `accepted_rows`: `_line`, `_hash` and the columns of the sound rows that are no duplicates."""
    engine.execute(f"""
        create or replace temp view accepted_rows as
        select _line, _hash, {_columns(table)} from judged_rows anti join duplicate_rows using (_line)
        where _reason is null
    """)


def _columns(table: Table) -> str:
    return ", ".join(quoted(name) for name in table.columns)


def _first_fault(table: Table) -> str:
    missing = [
        (f"{text_name(name)} is null", f"missing:{name}") for name, column in table.columns.items() if column.required
    ]
    mistyped = [
        (f"{text_name(name)} is not null and {quoted(name)} is null", f"not_{column.type}:{name}")
        for name, column in table.columns.items()
        if column.type != "string"
    ]
    own = [(f"({refusal.when})", refusal.reason) for refusal in table.refuse]
    faults = missing + mistyped + own
    cases = " ".join(f"when {condition} then {literal(reason)}" for condition, reason in faults)
    return f"case {cases} end" if faults else "null::VARCHAR"
