"""Rows of a Parquet file, as text; the line of a row is its number in the file."""

from pathlib import Path

import duckdb

from c360.sources.casting import literal, quoted
from c360.sources.contract import Table
from c360.sources.refusal import FileRefused, check_columns
from c360.sources.rows_as_text import Reading, row_as_json, text_name


def read_parquet(engine: duckdb.DuckDBPyConnection, path: Path, table: Table) -> Reading:
    """Leave the file's rows in `rows_as_text` and `unreadable_rows`, and say how many the file has.

    Raises:
        FileRefused: nothing of the file can be trusted.
    """
    if not path.stat().st_size:
        raise FileRefused("empty", "It is empty.", "Ask for the export again; a day without rows has a schema.")
    file = f"read_parquet({literal(str(path))}, file_row_number = true, binary_as_string = true)"
    try:
        described = engine.execute(f"describe select * exclude (file_row_number) from {file}").fetchall()
        metadata = engine.execute("select num_rows from parquet_file_metadata(?)", [str(path)]).fetchall()
    except duckdb.Error:
        raise FileRefused("unreadable", "It is not a whole Parquet file.", "Transfer it again.") from None
    promised = [column.source_name or name for name, column in table.columns.items()]
    check_columns(promised, [name for name, *_ in described])
    _show_rows(engine, file, table)
    return Reading(int(metadata[0][0]), row_as_json(table))


def _show_rows(engine: duckdb.DuckDBPyConnection, file: str, table: Table) -> None:
    texts = ", ".join(
        f"nullif({quoted(column.source_name or name)}::VARCHAR, '') as {text_name(name)}"
        for name, column in table.columns.items()
    )
    engine.execute(f"""
        create or replace temp view rows_as_text as
        select file_row_number + 1 as _line, {texts} from {file}
    """)
    engine.execute("create or replace temp table unreadable_rows (_line BIGINT, _reason VARCHAR, _row VARCHAR)")
