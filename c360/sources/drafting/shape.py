"""How a sample file is written, and which columns it has."""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from c360.core.errors import ContractError
from c360.sources.contracts.contract import Encoding, Format
from c360.sources.reading.formats import FORMATS, format_of
from c360.sources.reading.text_lines import open_bytes

_DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT_LINES = 50
_LOOKED_AT_BYTES = 1 << 16
_MAX_KEYS = 40
"""An object with more keys is taken for a map, whose keys are values."""
_MAX_DEPTH = 6
_NAME_LIKE = re.compile(r"[^\W\d][\w .\-/()#%$:&+*?]{0,79}")
_LONG_NUMBER = re.compile(r"\d{5}")


@dataclass(frozen=True)
class Shape:
    """How a file is written, and its columns: the name in the lake, and the name or JSON path in the file."""

    format: Format
    columns: dict[str, str]
    encoding: Encoding = "utf-8"
    delimiter: str = ","


def look_at(engine: duckdb.DuckDBPyConnection, path: Path) -> Shape:
    """The shape of a sample file.

    Raises:
        ContractError: it cannot be told, or the first line does not name the columns. No value is shown.
    """
    match format_of(path):
        case None:
            raise _unusable(path, f"its name ends in none of {', '.join(FORMATS)} (or that and .gz)")
        case "csv":
            return _look_at_csv(path)
        case "jsonl":
            return Shape("jsonl", _renamed(path, _json_columns(engine, path)))
        case "parquet":
            return Shape("parquet", _renamed(path, _parquet_columns(path)))


def _look_at_csv(path: Path) -> Shape:
    encoding = _encoding(path)
    with open_bytes(path) as stream:
        lines = io.TextIOWrapper(stream, _codec(encoding), errors="replace", newline="")
        beginning = list(islice(lines, _LOOKED_AT_LINES))
    if not beginning:
        raise _unusable(path, "it is empty")
    delimiter = max(_DELIMITERS, key=lambda one: _fit(beginning, one))
    return Shape("csv", _renamed(path, next(_parsed(beginning, delimiter))), encoding, delimiter)


def _codec(encoding: Encoding) -> str:
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _encoding(path: Path) -> Encoding:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_bytes(path) as stream:
        piece = stream.read(_LOOKED_AT_BYTES)
        if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        try:
            while piece:
                decoder.decode(piece)
                piece = stream.read(_LOOKED_AT_BYTES)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8"


def _fit(lines: list[str], delimiter: str) -> tuple[float, int]:
    """How well a delimiter fits: the share of rows with as many values as the header, and how many those are."""
    rows = [len(row) for row in _parsed(lines, delimiter) if row]
    if not rows or rows[0] == 1:
        return (0.0, 0)
    return (sum(row == rows[0] for row in rows) / len(rows), rows[0])


def _parsed(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error:
        return


def _json_columns(engine: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    try:
        [(structure,)] = engine.execute(
            """
            select json_group_structure(json)
            from read_json_objects(?, format = 'newline_delimited', ignore_errors = true)
            """,
            [str(path)],
        ).fetchall()
    except duckdb.Error as error:
        # The engine's own message quotes the line.
        raise _unusable(path, f"it has no JSON object on each line ({type(error).__name__})") from None
    keys = json.loads(structure) if structure else None
    if not isinstance(keys, dict):
        raise _unusable(path, "it has no JSON object on each line")
    return [path for key, below in keys.items() for path in _leaves(key, (key,), below)]


def _leaves(key: str, path: tuple[str, ...], below: object) -> Iterator[str]:
    """The paths to the values under a key. Lists, and objects whose keys are values, stay whole."""
    if isinstance(below, dict) and _is_object(below) and len(path) < _MAX_DEPTH:
        for name, deeper in below.items():
            yield from _leaves(name, (*path, name), deeper)
    elif len(path) == 1:
        yield key
    else:
        yield "$" + "".join(f".{name}" if re.fullmatch(r"\w+", name) else f'."{name}"' for name in path)


def _is_object(keys: dict[str, object]) -> bool:
    return 0 < len(keys) <= _MAX_KEYS and all(_looks_like_a_name(name) and '"' not in name for name in keys)


def _parquet_columns(path: Path) -> list[str]:
    try:
        return list(pq.read_schema(path).names)
    except (pa.ArrowInvalid, OSError):
        raise _unusable(path, "it is not a whole Parquet file") from None


def _renamed(path: Path, names: list[str]) -> dict[str, str]:
    """The columns by the name the lake gives them: small letters, digits and underscores."""
    if strange := [place for place, name in enumerate(names, start=1) if not _looks_like_a_name(name.lstrip("$."))]:
        raise _unusable(
            path,
            f"column {strange[0]} has no name, or one that looks like a value, so the first line may be a row",
        )
    if len(set(names)) < len(names):
        raise _unusable(path, "two columns have the same name")
    renamed: dict[str, str] = {}
    for name in names:
        renamed[_free(_snake_case(name), renamed)] = name
    return renamed


def _looks_like_a_name(name: str) -> bool:
    return bool(_NAME_LIKE.fullmatch(name.replace('"', ""))) and not _LONG_NUMBER.search(name)


def _snake_case(name: str) -> str:
    parted = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    plain = re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
    return plain if plain[:1].isalpha() else f"column_{plain}".rstrip("_")


def _free(name: str, taken: Iterable[str]) -> str:
    if name.endswith("_normalised"):
        name += "_by_source"
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _unusable(path: Path, why: str) -> ContractError:
    return ContractError(f"No contract can be drafted from {path.name}: {why}. Take another sample file.")
