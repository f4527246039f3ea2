"""What c360 does with every kind of odd text: each case has its expectation written beside it."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sources.loaded import Loaded, make_table

from c360.sources.reading import refusal, text_lines
from c360.sources.reading.caps import MAX_LINE_BYTES

COLUMNS = {"id": {"type": "string", "required": True}, "name": {"type": "string"}}
TEXT = "id,name\n1,Zoé\n2,Ünal\n"


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("utf-8", TEXT.encode()),
        ("utf-8", TEXT.encode("utf-8-sig")),
        ("utf-8", TEXT.replace("\n", "\r\n").encode()),
        ("utf-8", TEXT.replace("\n", "\r").encode()),
        ("utf-16", TEXT.encode("utf-16")),
        ("utf-16", b"\xfe\xff" + TEXT.encode("utf-16-be")),
        ("utf-16", TEXT.encode("utf-16-le")),
        ("latin-1", TEXT.encode("latin-1")),
    ],
)
@pytest.mark.parametrize("is_zipped", [False, True])
def test_file_in_its_declared_encoding_is_read(tmp_path: Path, encoding: str, content: bytes, is_zipped: bool) -> None:
    """With a byte order mark or without, under every kind of line break, zipped or not, the text is the same."""
    loaded = Loaded(tmp_path, make_table(COLUMNS, encoding=encoding))
    name = "lines_1.csv.gz" if is_zipped else "lines_1.csv"
    account = loaded.load(gzip.compress(content) if is_zipped else content, name=name)
    assert account.explanation == ""
    assert loaded.rows("_line, id, name") == [(2, "1", "Zoé"), (3, "2", "Ünal")]
    assert list((tmp_path / "data" / "quarantine" / ".spill").iterdir()) == []


def test_latin_1_is_read_with_the_letters_of_windows(tmp_path: Path) -> None:
    """What tills call Latin-1 has a euro sign and curly quotes where Latin-1 has control characters."""
    loaded = Loaded(tmp_path, make_table(COLUMNS, encoding="latin-1"))
    loaded.load("id,name\n1,9 € l\u2019été\n".encode("cp1252"))
    assert loaded.rows("name") == [("9 € l\u2019été",)]


@pytest.mark.parametrize(
    ("encoding", "content", "reason", "remedy"),
    [
        ("utf-8", TEXT.encode("utf-16"), "utf_16", "`encoding: utf-16`"),
        ("utf-8", (TEXT * 9).encode("utf-16-le"), "utf_16", "`encoding: utf-16`"),
        ("utf-8", "id,né\n1,a\n".encode("latin-1"), "bad_encoding", "`encoding`"),
        ("utf-8", TEXT.encode("latin-1"), "too_many_quarantined", "`encoding: latin-1`"),
        ("utf-16", TEXT.encode("utf-16")[:-1], "bad_encoding", "`encoding`"),
        ("utf-16", b"\xff\xfe" + "id,name\n1,".encode("utf-16-le") + b"\x00\xd8\n\x00", "bad_encoding", "`encoding`"),
    ],
)
def test_file_in_another_encoding_is_refused_with_its_remedy(
    tmp_path: Path, encoding: str, content: bytes, reason: str, remedy: str
) -> None:
    """Letters are never guessed: what is not in the declared encoding is refused, and the contract's key is named."""
    loaded = Loaded(tmp_path, make_table(COLUMNS, encoding=encoding, max_quarantined_rate=0.05))
    account = loaded.load(content)
    assert (account.reason, remedy in account.explanation) == (reason, True)
    assert loaded.rows() == []


@pytest.mark.parametrize(
    "value",
    [
        "👩‍🦰 naïve 🎁",
        "\u202egnirts",
        "Null",
        "NULL",
        "null",
        "NaN",
        "nan",
        "None",
        "N/A",
        "=1+1",
        "'",
        " x ",
        "\u200b",
        "\ufeff",
    ],
)
def test_text_is_kept_as_it_is(tmp_path: Path, value: str) -> None:
    """Emoji, text that runs the other way, and people called Null are names like any other, in CSV and JSON."""
    loaded = Loaded(tmp_path, make_table(COLUMNS))
    loaded.load(f"id,name\n1,{value}\n".encode())
    loaded.load(json.dumps({"id": "2", "name": value}).encode(), name="lines_2.jsonl")
    assert sorted(loaded.rows("id, name")) == [("1", value), ("2", value)]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("lines_1.csv", b"id,name\n1,a\n2,b\0c\n3,d\n", "nul_character"),
        ("lines_1.jsonl", b'{"id":"1"}\n{"id":"2","name":"b\\u0000c"}\n{"id":"3"}\n', "nul_character"),
        ("lines_1.jsonl", b'{"id":"1"}\n{"id":"2","name":"\\ud800"}\n{"id":"3"}\n', "malformed_json"),
        ("lines_1.jsonl", b'{"id":"1"}\n{"id":"2","name":"\0"}\n{"id":"3"}\n', "malformed_json"),
    ],
)
def test_letters_that_are_no_text_refuse_their_row(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    """A NUL, and half of a surrogate pair, cannot be stored as text everywhere; their neighbours can."""
    loaded = Loaded(tmp_path, make_table(COLUMNS))
    account = loaded.load(content, name=name)
    assert [row[0] for row in loaded.rows("id")] == ["1", "3"]
    assert account.quarantined[reason].count == 1


def test_parquet_text_that_is_not_utf_8_refuses_the_file(tmp_path: Path) -> None:
    """The engine reads no column of it beyond that value; the reason says so and quotes nothing."""
    names = pa.array([b"a", b"secret\xff"], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"id": ["1", "2"], "name": names}), tmp_path / "written.parquet")
    content = (tmp_path / "written.parquet").read_bytes()
    account = Loaded(tmp_path, make_table(COLUMNS)).load(content, name="lines_1.parquet")
    assert (account.status, account.reason) == ("refused", "bad_encoding")
    assert "secret" not in account.model_dump_json()


def test_phone_in_scientific_notation_is_kept_raw(tmp_path: Path) -> None:
    """A spreadsheet's 3.36E+10 has lost digits: there is no number to normalise it to, and the account says why."""
    columns = {"id": {"type": "string"}, "phone": {"type": "string", "personal": "phone"}}
    loaded = Loaded(tmp_path, make_table(columns))
    account = loaded.load(b"id,phone\n1,3.36123E+10\n2,+33612345678\n")
    assert loaded.rows("phone, phone_normalised") == [("3.36123E+10", None), ("+33612345678", "+33612345678")]
    assert sum(account.not_normalised.values()) == 1
    assert next(iter(account.not_normalised)).startswith("phone:")


@pytest.mark.parametrize("name", ["lines_1.csv", "lines_1.jsonl"])
def test_value_of_three_megabytes_is_read_and_one_above_the_cap_is_not(tmp_path: Path, name: str) -> None:
    """A long comment is no fault; what is longer than the cap refuses its row only."""
    values = ["x" * 3_000_000, "y" * MAX_LINE_BYTES, "z"]
    is_csv = name.endswith("csv")
    lines = [f"{n},{v}" if is_csv else json.dumps({"id": str(n), "name": v}) for n, v in enumerate(values)]
    loaded = Loaded(tmp_path, make_table(COLUMNS))
    account = loaded.load("\n".join((["id,name"] if is_csv else []) + lines).encode(), name=name)
    assert loaded.rows("id, strlen(name)") == [("0", 3_000_000), ("2", 1)]
    assert list(account.quarantined) == ["line_too_long"]


MEMBERS = gzip.compress(b"id,name\n1,a\n") + gzip.compress(b"2,b\n")


@pytest.mark.parametrize(
    ("content", "accepted", "reason"),
    [
        (MEMBERS, 2, ""),
        (MEMBERS + b"\0" * 100, 2, ""),
        (MEMBERS + b"garbage", 0, "broken_gzip"),
        (MEMBERS[:-9], 0, "truncated_gzip"),
        (gzip.compress(b"id,name\n"), 0, ""),
        (gzip.compress(b""), 0, "empty"),
        (b"id,name\n1,a\n", 0, "broken_gzip"),
    ],
)
def test_gzip_is_read_to_its_end_or_refused(tmp_path: Path, content: bytes, accepted: int, reason: str) -> None:
    """All members are read, padding is let pass; a part of a file, or something behind it, refuses it whole."""
    loaded = Loaded(tmp_path, make_table(COLUMNS))
    account = loaded.load(content, name="lines_1.csv.gz")
    assert (account.accepted_count, account.reason, len(loaded.rows())) == (accepted, reason, accepted)


def test_suffix_of_gzip_may_be_in_capitals(tmp_path: Path) -> None:
    """Other systems write `.CSV.GZ`."""
    account = Loaded(tmp_path, make_table(COLUMNS)).load(gzip.compress(b"id,name\n1,a\n"), name="LINES_1.CSV.GZ")
    assert (account.accepted_count, account.explanation) == (1, "")


def test_gzip_bomb_is_refused_while_it_is_read(tmp_path: Path) -> None:
    """A file that decompresses to a thousand times its size takes neither memory nor disk."""
    code = """
import gzip, resource, sys, zlib
from pathlib import Path
from c360.sources.reading.refusal import FileRefused
from c360.sources.reading.text_lines import cut_text
path = Path(sys.argv[1]) / "bomb.csv.gz"
packer = zlib.compressobj(9, zlib.DEFLATED, 31)
with path.open("wb") as stream:
    for _ in range(300):
        stream.write(packer.compress(b"0" * 1_000_000))
    stream.write(packer.flush())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    list(cut_text(path, path.with_name("spill")))
except FileRefused as refused:
    print(refused.reason, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    reason, grown_megabytes = run.stdout.split()
    assert reason == "decompression_ratio"
    assert int(grown_megabytes) < 30
    assert not (tmp_path / "spill").exists()


def test_file_above_the_cap_is_refused_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is a file that is too large, before the disk is full of it."""
    monkeypatch.setattr(text_lines, "MAX_FILE_BYTES", 20)
    account = Loaded(tmp_path, make_table(COLUMNS)).load(TEXT.encode() * 2)
    assert (account.reason, "several files" in account.explanation) == ("too_large", True)


@pytest.mark.parametrize("drift", ["fail", "evolve"])
def test_file_with_too_many_columns_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drift: str) -> None:
    """A header of thousands of names is not an export, whatever the table lets pass."""
    monkeypatch.setattr(refusal, "MAX_COLUMNS", 3)
    account = Loaded(tmp_path, make_table(COLUMNS, drift=drift)).load(b"id,name,a,b\n1,a,2,3\n")
    assert account.reason == "too_many_columns"


@pytest.mark.parametrize("drift", ["fail", "evolve", "warn"])
@pytest.mark.parametrize("header", ["id,name,name", "id,name,x,x"])
def test_header_that_names_a_column_twice_is_refused(tmp_path: Path, drift: str, header: str) -> None:
    """Which of the two would be meant nobody knows."""
    account = Loaded(tmp_path, make_table(COLUMNS, drift=drift)).load(f"{header}\n1,a,b,c\n".encode())
    assert account.reason == "columns_differ"
