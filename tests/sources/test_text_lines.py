import gzip
from pathlib import Path

import pytest

from c360.sources.reading import text_lines
from c360.sources.reading.refusal import FileRefused
from c360.sources.reading.text_lines import blank_lines, count_blank_lines, count_lines


def written(folder: Path, content: bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("piece_bytes", [3, 4, 5, 1 << 20])
@pytest.mark.parametrize(
    ("content", "line_count", "blank_count"),
    [
        (b"a", 1, 0),
        (b"a\n", 1, 0),
        (b"a\n\n\nb\n", 4, 2),
        (b"\na\n\n", 3, 2),
        (b"a\r\nb\r\n\r\nc", 4, 1),
        (b"a\rb\r\rc\r", 4, 1),
        (b'a\n"x\ry"\n', 2, 0),
        (b"a\r\n\n", 2, 1),
        (b"a\n  ", 2, 0),
    ],
)
def test_lines_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, line_count: int, blank_count: int, piece_bytes: int
) -> None:
    """Lines and blank lines are counted under every kind of line break, wherever the pieces are cut."""
    monkeypatch.setattr(text_lines, "PIECE_BYTES", piece_bytes)
    path = written(tmp_path, content)
    assert (count_lines(path).line_count, count_blank_lines(path)) == (line_count, blank_count)


@pytest.mark.parametrize("piece_bytes", [3, 1 << 20])
def test_blank_lines_inside_quotes_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece_bytes: int
) -> None:
    """Blank lines are found between rows only, and a quoted line break starts no line."""
    monkeypatch.setattr(text_lines, "PIECE_BYTES", piece_bytes)
    path = written(tmp_path, b'h\n\n"x\n\ny"\n\n\nz\n')
    assert blank_lines(path) == [2, 4, 5]


def test_concatenated_gzip_is_read_to_its_end(tmp_path: Path) -> None:
    """Two gzip streams one after the other are one file, as gzip itself reads them."""
    path = written(tmp_path, gzip.compress(b"a\n") + gzip.compress(b"b\n"), "file.csv.gz")
    assert count_lines(path).line_count == 2


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("file.csv", b"", "empty"),
        ("file.csv", b"\n\r\n", "empty"),
        ("file.csv.gz", gzip.compress(b""), "empty"),
        ("file.csv.gz", gzip.compress(b"a,b\n" * 9999)[:-20], "truncated_gzip"),
        ("file.csv.gz", b"a,b\n", "broken_gzip"),
        ("file.csv.gz", gzip.compress(b"a,b\n")[:-8] + b"12345678", "broken_gzip"),
        ("file.csv", "a,b\n".encode("utf-16"), "utf_16"),
    ],
)
def test_damaged_file_is_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    """A file without content, or whose bytes are not whole, is refused as such."""
    with pytest.raises(FileRefused) as caught:
        count_lines(written(tmp_path, content, name))
    assert caught.value.reason == reason
