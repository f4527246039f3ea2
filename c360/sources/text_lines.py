"""The physical lines of a text file, counted without the engine that will parse them.

DuckDB's CSV reader takes an unclosed quote for a field that runs to the end of the file and reports no error, and an
empty file for one without rows. An independent count shows what it left out. Bytes are looked at in pieces of one
megabyte, so memory does not grow with the file.
"""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from c360.sources.refusal import FileRefused

PIECE_BYTES = 1 << 20
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_QUOTE, _LINE_FEED = ord('"'), ord("\n")


@dataclass(frozen=True)
class LineCount:
    """How many lines a text file has; the last one counts with or without a line break."""

    line_count: int
    blank_count: int
    """Lines with not even a space, also those inside quoted fields."""
    line_break: str
    """What ends a line: a line feed (also after a carriage return), or in files of old Macs a carriage return."""

    @property
    def filled_count(self) -> int:
        """Lines with anything in them."""
        return self.line_count - self.blank_count


def open_bytes(path: Path) -> IO[bytes]:
    """The file's content, decompressed when its name ends in `.gz`."""
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def count_lines(path: Path) -> LineCount:
    """Count the lines of a file and see that its bytes are whole.

    Raises:
        FileRefused: the file is empty, in UTF-16, or its compression is damaged.
    """
    lines, blanks, is_at_line_start = 0, 0, True
    for piece in _pieces(path):
        ends = np.flatnonzero(np.frombuffer(piece, np.uint8) == _LINE_FEED)
        lines += len(ends)
        blanks += _count_blank(ends, is_at_line_start=is_at_line_start)
        is_at_line_start = piece.endswith(b"\n")
    count = LineCount(lines + (not is_at_line_start), blanks, _line_break(path))
    if not count.filled_count:
        raise FileRefused("empty", "It is empty.", "Ask for the export again; a day without rows has a header.")
    return count


def blank_lines(path: Path) -> list[int]:
    """Where blank lines stand outside quoted fields, from 1, a line break inside quotes starting no new line."""
    found: list[int] = []
    line, is_quoted, is_at_line_start = 1, False, True
    for piece in _pieces(path):
        letters = np.frombuffer(piece, np.uint8)
        quotes, ends = np.flatnonzero(letters == _QUOTE), np.flatnonzero(letters == _LINE_FEED)
        outside = ends[(np.searchsorted(quotes, ends) + is_quoted) % 2 == 0]
        found.extend((line + _blank_among(outside, is_at_line_start=is_at_line_start)).tolist())
        line += len(outside)
        is_quoted ^= bool(len(quotes) % 2)
        is_at_line_start = piece.endswith(b"\n") and not is_quoted
    return found


def _count_blank(ends: np.ndarray, *, is_at_line_start: bool) -> int:
    return len(_blank_among(ends, is_at_line_start=is_at_line_start))


def _blank_among(ends: np.ndarray, *, is_at_line_start: bool) -> np.ndarray:
    """The indexes of those line ends that directly follow another line end."""
    before = -1 if is_at_line_start else -2
    return np.flatnonzero(np.diff(ends, prepend=before) == 1)


def _pieces(path: Path) -> Iterator[bytes]:
    """The content with every line break as one line feed."""
    line_break = _line_break(path).encode()
    held_back = b""
    for piece in _whole_pieces(path):
        text = held_back + piece
        held_back = b"\r" if text.endswith(b"\r") else b""
        text = text.removesuffix(b"\r").replace(b"\r\n", b"\n")
        yield text if line_break == b"\n" else text.replace(b"\r", b"\n")
    if held_back:
        yield held_back if line_break == b"\n" else b"\n"


def _line_break(path: Path) -> str:
    beginning = next(_whole_pieces(path), b"")
    return "\r" if b"\r" in beginning and b"\n" not in beginning else "\n"


def _whole_pieces(path: Path) -> Iterator[bytes]:
    try:
        with open_bytes(path) as stream:
            is_first = True
            while piece := stream.read(PIECE_BYTES):
                if is_first and piece.startswith(_UTF16_MARKS):
                    raise FileRefused("utf_16", "It is written in UTF-16.", "Ask for the export in UTF-8.")
                is_first = False
                yield piece
    except EOFError:
        raise FileRefused(
            "truncated_gzip", "Its gzip stream ends too early: a part of the file is missing.", "Transfer it again."
        ) from None
    except (gzip.BadGzipFile, zlib.error):
        raise FileRefused("broken_gzip", "It is not a sound gzip file.", "Transfer it again.") from None
