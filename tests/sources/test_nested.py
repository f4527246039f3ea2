import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sources.loaded import Loaded, make_table

from c360.sources.values.json_paths import is_json_path, path_of

COLUMNS = {
    "id": {"type": "string", "required": True},
    "session_id": {"type": "integer", "source_name": "$.event_params[key=ga_session_id].value.int_value"},
    "page": {"type": "string", "source_name": "$.event_params[key=page].value.string_value"},
    "country": {"type": "string", "source_name": "$.geo.country"},
    "first_item": {"type": "string", "source_name": "$.items[0].item_id"},
    "items": {"type": "json"},
}


def param(key: str, text: str | None = None, number: int | None = None) -> dict[str, object]:
    return {"key": key, "value": {"string_value": text, "int_value": number}}


EVENTS: list[dict[str, object]] = [
    {
        "id": "1",
        "event_params": [param("page", "/a"), param("ga_session_id", number=7), param("page", "/b")],
        "geo": {"country": "FR"},
        "items": [{"item_id": "x", "price": 1.5}, {"item_id": "y", "price": 2.0}],
    },
    {"id": "2", "event_params": [param("other", "/c")], "geo": {"country": None}, "items": []},
    {"id": "3", "event_params": None, "geo": None, "items": None},
]
EXPECTED = [("1", 7, "/a", "FR", "x"), ("2", None, None, None, None), ("3", None, None, None, None)]


def as_big_query(value: object) -> object:
    """64-bit integers are strings in BigQuery's JSON, and what is null is left out."""
    match value:
        case dict():
            return {key: as_big_query(inner) for key, inner in value.items() if inner is not None}
        case list():
            return [as_big_query(inner) for inner in value]
        case int():
            return str(value)
        case _:
            return value


def content(file_format: str, folder: Path) -> bytes:
    if file_format == "parquet":
        pq.write_table(pa.Table.from_pylist(EVENTS), folder / "written.parquet")
        return (folder / "written.parquet").read_bytes()
    events = [as_big_query(event) for event in EVENTS] if file_format == "big query" else EVENTS
    return "".join(json.dumps(event) + "\n" for event in events).encode()


@pytest.mark.parametrize("file_format", ["jsonl", "big query", "parquet"])
def test_values_inside_records_are_found(tmp_path: Path, file_format: str) -> None:
    """A path finds a field, a place in a list, and the first record with a name; what is not there is NULL."""
    loaded = Loaded(tmp_path, make_table(COLUMNS))
    suffix = "parquet" if file_format == "parquet" else "jsonl"
    account = loaded.load(content(file_format, tmp_path), name=f"lines_1.{suffix}")
    assert (account.accepted_count, account.explanation) == (3, "")
    assert loaded.rows("id, session_id, page, country, first_item") == EXPECTED
    items = [row[0] and json.loads(row[0]) for row in loaded.rows("items")]
    assert items[0][1] == {"item_id": "y", "price": 2.0}
    assert items[1:] == [[], None]


def test_json_in_csv_must_be_json(tmp_path: Path) -> None:
    """A column of JSON in CSV is kept as text when it is JSON, and its row is refused when it is not."""
    columns = {"id": {"type": "string"}, "tags": {"type": "json"}}
    loaded = Loaded(tmp_path, make_table(columns))
    loaded.load(b'id,tags\n1,"{""a"":[1]}"\n2,{broken\n3,\n')
    assert loaded.rows("id, tags") == [("1", '{"a":[1]}'), ("3", None)]
    assert [row[:2] for row in loaded.refused()] == [(3, "not_json:tags")]


def test_path_that_leads_nowhere_in_parquet_is_a_missing_column(tmp_path: Path) -> None:
    """A struct without the field is another export than the one agreed."""
    pq.write_table(pa.Table.from_pylist([{"id": "1", "geo": {"city": "Lyon"}}]), tmp_path / "written.parquet")
    columns = {"id": {"type": "string"}, "country": {"type": "string", "source_name": "$.geo.country"}}
    bytes_of_file = (tmp_path / "written.parquet").read_bytes()
    account = Loaded(tmp_path, make_table(columns)).load(bytes_of_file, name="lines_1.parquet")
    assert (account.reason, "$.geo.country" in account.explanation) == ("columns_differ", True)
    loaded = Loaded(tmp_path / "warned", make_table(columns, drift="warn"))
    loaded.folder.mkdir()
    assert loaded.load(bytes_of_file, name="lines_1.parquet").missing_columns == ["country"]


@pytest.mark.parametrize("path", ["$.a", "$.a.b", '$."a b".c', "$.a[0].b", "$.a[key=b].c", "$.a.b[name=x-1 y].c.d"])
def test_path_to_one_place_is_a_path(path: str) -> None:
    """Keys, places and picked records lead to one place."""
    assert is_json_path(path)


@pytest.mark.parametrize(
    "path", ["$", "a.b", "$.a[*]", "$..a", "$.a[key=b][key=c].d", "$.a[key=b].c[0]", "$[0]", "$.a b"]
)
def test_other_paths_are_refused(path: str) -> None:
    """A wildcard, a second pick or a list inside a picked record could lead to many places or none."""
    assert not is_json_path(path)


def test_plain_key_is_itself() -> None:
    """A column without a path stands at the key that it names, dots and spaces included."""
    assert path_of("user.id").before_pick == '$."user.id"'
