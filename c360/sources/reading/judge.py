"""Which rows of a slice are sound, which are duplicates, and which are refused for what reason: one query each."""

import duckdb

from c360.core.sql import literal, quoted
from c360.sources.contracts.contract import Table
from c360.sources.contracts.lake_columns import EXTRA, FLAGS, content_columns
from c360.sources.reading.rows_as_text import Rows, count
from c360.sources.values.casting import ColumnType, flags, offset_name, raw_name, typed, written_offset
from c360.sources.values.time_zones import FIRST_PLAUSIBLE, LAST_PLAUSIBLE, USUAL_YEARS, has_changes

_PLAUSIBLE: dict[ColumnType, tuple[str, str]] = {
    "timestamp": (f"timestamp '{FIRST_PLAUSIBLE}'", f"timestamp '{LAST_PLAUSIBLE}'"),
    "date": ("date '1850-01-01'", "date '2200-01-01'"),
}
"""The first plausible value and the first that no longer is: nobody alive was born before, no term ends after."""


def judge_rows(engine: duckdb.DuckDBPyConnection, table: Table, rows: Rows) -> None:
    """Write `slice_rows`: the columns of the lake, `_reason` (NULL of a sound row), `_row` of a refused one, `_hash`.

    Rows with a line of their own are not written: `judged_rows` reads them each time anew, and only what was found of
    them is kept, for `marked_rows`.

    The first fault counts: what the reader found, then a missing value (`missing:<column>`), then one that is not of
    its type (`not_<type>:<column>`) or out of all time (`implausible_time:<column>`), then the contract's own rules.
    """
    judge, judged = (_keep_rows, "slice_rows") if rows.line is None else (_keep_marks, "judged_rows")
    judge(engine, table, rows, is_usual=True)
    if _has_unusual_times(engine, table, judged):
        judge(engine, table, rows, is_usual=False)


def find_duplicates(engine: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Write `duplicate_rows._line`: sound rows with the content of an earlier row of the slice."""
    content = _content(table)
    engine.execute("""
        create or replace temp table shared_hashes as
        select _hash from marked_rows where _reason is null group by _hash having count(*) > 1
    """)
    if not count(engine, "shared_hashes"):
        engine.execute("create or replace temp table duplicate_rows (_line BIGINT)")
        return
    engine.execute(f"""
        create or replace temp table duplicate_rows as
        with suspects as (
            select _line, hash({content}) as content_hash from judged_rows semi join shared_hashes using (_hash)
            where _reason is null
        ),
        contents as (
            select content_hash from suspects group by content_hash having count(*) > 1
        ),
        numbered as (
            select _line, row_number() over (partition by {content} order by _line) as place
            from judged_rows semi join (from suspects semi join contents using (content_hash)) as same using (_line)
        )
        select _line from numbered where place > 1
    """)


def remember_rows(engine: duckdb.DuckDBPyConnection, table: Table, lake_relation: str) -> None:
    """Write `seen_rows`: the hashes of the keys that are in the lake already, eight bytes a row."""
    engine.execute(f"""
        create or replace temp table seen_rows as select {_hash(table)} as _hash from ({lake_relation})
    """)


def has_seen_any(engine: duckdb.DuckDBPyConnection) -> bool:
    """Whether a row of the slice may be in the lake already: hashes only say maybe."""
    return count(engine, "(from marked_rows semi join seen_rows using (_hash) where _reason is null limit 1)") > 0


def find_duplicates_of_lake(engine: duckdb.DuckDBPyConnection, table: Table, lake_relation: str) -> None:
    """Add to `duplicate_rows` the sound rows with the content of a row in the lake."""
    same = " and ".join(
        f"lake.{quoted(name)} is not distinct from sound.{quoted(name)}" for name in content_columns(table)
    )
    engine.execute(f"""
        insert into duplicate_rows
        select _line from (
            from judged_rows semi join seen_rows using (_hash) anti join duplicate_rows using (_line)
            where _reason is null
        ) as sound
        semi join ({lake_relation}) as lake on {same}
    """)


def show_accepted(engine: duckdb.DuckDBPyConnection) -> None:
    """Define `accepted_rows`: the sound rows of `judged_rows` that are no duplicates; and `accepted_marks` of them."""
    others = " anti join duplicate_rows using (_line)" if count(engine, "duplicate_rows") else ""
    for accepted, all_of_them in (("accepted_rows", "judged_rows"), ("accepted_marks", "marked_rows")):
        engine.execute(f"create or replace temp view {accepted} as from {all_of_them}{others} where _reason is null")


def _keep_rows(engine: duckdb.DuckDBPyConnection, table: Table, rows: Rows, *, is_usual: bool) -> None:
    judged = _judged(table, rows, [*rows.also], is_usual=is_usual)
    engine.execute(f"create or replace temp table slice_rows as {judged}")


def _keep_marks(engine: duckdb.DuckDBPyConnection, table: Table, rows: Rows, *, is_usual: bool) -> None:
    judged = _judged(table, rows, [f"{rows.line} as _line", *rows.also], is_usual=is_usual)
    engine.execute(f"create or replace temp view judged_rows as {judged}")
    engine.execute("create or replace temp table row_marks as select _line, _reason, _row, _hash from judged_rows")
    engine.execute("create or replace temp view marked_rows as from row_marks")


def _judged(table: Table, rows: Rows, also: list[str], *, is_usual: bool) -> str:
    types = {name: column.type for name, column in table.columns.items()}
    values = typed(rows.relation, types, rows.given, table.timezone, is_usual=is_usual)
    columns = [quoted(name) for name in types] + also
    columns += [
        f"{written_offset(name, table.timezone)} as {quoted(offset_name(name))}"
        for name, column_type in types.items()
        if column_type == "timestamp"
    ]
    if table.drift == "evolve":
        columns.append(f"{rows.extra} as {EXTRA}")
    return f"""
        select *, {_hash(table)} as _hash
        from (
            select {", ".join(columns)}, {flags(types, table.timezone)} as {FLAGS}, _reason,
                case when _reason is not null then {rows.row} end as _row
            from (select *, {_first_fault(table, rows)} as _reason from ({values}))
        )
    """


def _has_unusual_times(engine: duckdb.DuckDBPyConnection, table: Table, judged: str) -> bool:
    times = [quoted(name) for name, column in table.columns.items() if column.type == "timestamp"]
    if not times or not has_changes(table.timezone):
        return False
    first, last = USUAL_YEARS
    # A day less on both sides, because these are not local times.
    usual = f"between timestamp '{first}' + interval 1 day and timestamp '{last}' - interval 1 day"
    return count(engine, f"{judged} where _reason is null and ({' or '.join(f'{t} not {usual}' for t in times)})") > 0


def _hash(table: Table) -> str:
    """SQL for where to look for rows of the same content: they have the same key, and others seldom do."""
    return f"hash({', '.join(quoted(name) for name in table.key)})" if table.key else f"hash({_content(table)})"


def _content(table: Table) -> str:
    return ", ".join(quoted(name) for name in content_columns(table))


def _first_fault(table: Table, rows: Rows) -> str:
    columns = table.columns.items()
    missing = [(f"{raw_name(name)} is null", f"missing:{name}") for name, column in columns if column.required]
    mistyped = [
        (f"{raw_name(name)} is not null and {quoted(name)} is null", f"not_{column.type}:{name}")
        for name, column in columns
        if column.type != "string"
    ]
    implausible = [
        (f"not {quoted(name)} >= {first} or not {quoted(name)} < {last}", f"implausible_time:{name}")
        for name, column in columns
        if column.type in _PLAUSIBLE
        for first, last in [_PLAUSIBLE[column.type]]
    ]
    own = [(f"({refusal.when})", refusal.reason) for refusal in table.refuse]
    faults = rows.faults + missing + mistyped + implausible + own
    cases = " ".join(f"when {condition} then {literal(reason)}" for condition, reason in faults)
    return f"case {cases} end" if faults else "null::VARCHAR"
