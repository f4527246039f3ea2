"""Files of person records, CSV or Parquet, read as text, and the files that are written beside them."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import parquet

from c360.core.errors import ConfigurationError
from c360.core.files import appearing
from c360.core.sql import literal, quoted

TABLE = "raw_records"
"""The table of the engine in which `read_records` leaves the rows."""

_DELIMITERS = ",;\t|"
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_LINE = re.compile(r"CSV Error on Line: (\d+)")
_FORMATS = (".csv", ".tsv", ".parquet")
_WRITTEN_FORMATS = (".csv", ".parquet")


def read_records(engine: duckdb.DuckDBPyConnection, paths: Sequence[Path], columns: Iterable[str]) -> None:
    """Leave `columns` of the files in the engine, as text, with `source_name`, the file's name without its ending.

    A CSV file may have a byte-order mark, any usual delimiter, and be in UTF-8, UTF-16 or Latin-1.

    Raises:
        ConfigurationError: a file is missing, of another format, torn, or lacks a column.
    """
    wanted = list(dict.fromkeys(columns))
    texts = "".join(f", {quoted(name)} VARCHAR" for name in wanted)
    engine.execute(f"create or replace temp table {TABLE} (source_name VARCHAR{texts})")
    for path in paths:
        _rows(engine, path, f"insert into {TABLE} {_select(engine, path, wanted)}")


def check_writable(paths: Sequence[Path], records: Sequence[Path]) -> None:
    """Raise unless files of these names can be written, before any work is done for them.

    Raises:
        ConfigurationError: the format is unknown, the folder is not there, or one is a file of records.
    """
    read = {path.resolve() for path in records}
    for path in paths:
        _check_format(path, _WRITTEN_FORMATS, "--out")
        if not path.parent.is_dir():
            raise ConfigurationError(f"There is no folder {path.parent} to write {path.name} to. Make it first.")
        if path.is_dir():
            raise ConfigurationError(f"{path} is a folder. Name a file, as in --out {path / 'customers.csv'}.")
        if path.resolve() in read:
            raise ConfigurationError(f"{path} is one of the --records and would be overwritten. Name another --out.")


def write_tables(tables: dict[Path, pa.Table]) -> None:
    """Write every table, CSV or Parquet by the file's ending; all are there in the end, or those from before.

    Raises:
        ConfigurationError: one cannot be written.
    """
    with _writing(next(iter(tables))), ExitStack() as whole:
        parts = {path: whole.enter_context(appearing(path)) for path in tables}
        for path, part in parts.items():
            _write(tables[path], part, path.suffix.lower())


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise ConfigurationError(
            f"{path} or a file beside it cannot be written ({reason}). "
            "Nothing was left behind. Free the space or the permission, or name another --out."
        ) from None


def _write(table: pa.Table, path: Path, suffix: str) -> None:
    if suffix == ".parquet":
        parquet.write_table(table, path)
    else:
        duckdb.from_arrow(table).write_csv(str(path))


def column_names(engine: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """The names of a file's columns.

    Raises:
        ConfigurationError: the file is missing, of another format, or torn.
    """
    return list(_open(engine, path)[1])


def _select(engine: duckdb.DuckDBPyConnection, path: Path, wanted: list[str]) -> str:
    """SQL for the wanted columns of a file."""
    rows, places = _open(engine, path)
    if missing := [name for name in wanted if name not in places]:
        raise ConfigurationError(
            f"{path} has no column {', '.join(missing)}, which the rules name. It has {', '.join(places)}. "
            "Correct the names in the rules."
        )
    values = "".join(f", {places[name]}::VARCHAR" for name in wanted)
    return f"select {literal(path.stem)}{values} from {rows}"


def _open(engine: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, dict[str, str]]:
    """SQL for the rows of a file, with the engine's name of each column."""
    if not path.is_file():
        raise ConfigurationError(f"There is no file {path}. Check --records.")
    if _check_format(path, _FORMATS, "--records") != ".parquet":
        return _csv(path)
    rows = f"read_parquet({literal(path)})"
    return rows, {name: quoted(name) for name, *_ in _rows(engine, path, f"describe from {rows}")}


def _check_format(path: Path, known: Sequence[str], option: str) -> str:
    suffix = path.suffix.lower()
    if suffix not in known:
        raise ConfigurationError(
            f"{option}: {path.name} is of an unknown format. Files that end in {', '.join(known)} can be used."
        )
    return suffix


def _csv(path: Path) -> tuple[str, dict[str, str]]:
    """SQL for the rows of a CSV file, with the engine's name of each column."""
    encoding = _encoding(path)
    delimiter, names = _header(path, encoding)
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(names)))
    rows = f"""read_csv(
        {literal(path)}, auto_detect = false, header = true, columns = {{{columns}}}, delim = {literal(delimiter)},
        quote = '"', escape = '"', strict_mode = true, encoding = '{encoding}'
    )"""
    places = {name: f"c{place}" for place, name in enumerate(names) if name}
    if len(places) < len(list(filter(None, names))):
        doubled = sorted({name for name in names if name and names.count(name) > 1})
        raise ConfigurationError(f"{path} has two columns called {', '.join(doubled)}. Give each its own name.")
    return rows, places


def _encoding(path: Path) -> str:
    with path.open("rb") as stream:
        start = stream.read(2)
        if start in _BYTE_ORDER_MARKS:
            return _BYTE_ORDER_MARKS[start]
        stream.seek(0)
        decoder = io.TextIOWrapper(stream, "utf-8")
        try:
            while decoder.read(1 << 20):
                pass
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8"


def _header(path: Path, encoding: str) -> tuple[str, list[str]]:
    """The delimiter, which makes most of the first line, and the names in it."""
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as text:
        headers = {}
        for delimiter in _DELIMITERS:
            text.seek(0)
            headers[delimiter] = next(csv.reader(text, delimiter=delimiter), [])
    delimiter = max(_DELIMITERS, key=lambda one: len(headers[one]))
    names = [name.strip() for name in headers[delimiter]]
    if not any(names):
        raise ConfigurationError(f"{path} is empty: its first line must name the columns.")
    return delimiter, names


def _rows(engine: duckdb.DuckDBPyConnection, path: Path, sql: str) -> list[tuple[str, ...]]:
    try:
        return engine.execute(sql).fetchall()
    except duckdb.Error as error:  # its message may quote a row
        line = _LINE.search(str(error))
        where = f" at line {line[1]}" if line else ""
        raise ConfigurationError(
            f"{path} cannot be read{where} ({type(error).__name__}): it is torn, or a row has other columns than the "
            "first line, or a quote is never closed. Ask for the file again, or write it anew."
        ) from None
