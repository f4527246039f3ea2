import duckdb
import pyarrow as pa

from c360.sources.contracts.contract import Table
from c360.sources.reading.judge import find_duplicates, find_duplicates_of_lake, judge_rows, remember_rows
from c360.sources.reading.rows_as_text import Rows, number_in_order, row_as_json
from c360.sources.values.casting import raw_name


def test_rows_with_the_same_hash_are_compared(engine: duckdb.DuckDBPyConnection, table: Table) -> None:
    """A hash only says where to look: rows of other content are never dropped for sharing one."""
    rows = [(2, "1", "a", "1"), (3, "1", "b", "1"), (4, "1", None, "1"), (5, "1", None, "1.0"), (6, "2", "c", "1")]
    names = ["_line", *(raw_name(name).strip('"') for name in table.columns)]
    engine.register("rows_as_text", pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))))
    judge_rows(engine, table, Rows("rows_as_text", row_as_json(table, list(table.columns))))
    number_in_order(engine, 2)
    remember_rows(engine, table, "select '2' as id, 'c' as name, 1::DECIMAL(18,4) as amount")
    engine.execute("update slice_rows set _hash = 7; update seen_rows set _hash = 7")
    find_duplicates(engine, table)
    assert engine.execute("from duplicate_rows").fetchall() == [(5,)]
    find_duplicates_of_lake(engine, table, "select '2' as id, 'c' as name, 1::DECIMAL(18,4) as amount")
    assert engine.execute("from duplicate_rows order by all").fetchall() == [(5,), (6,)]
