"""A text file in slices of UTF-8, whose physical lines are counted without the engine that will parse them.

DuckDB's CSV reader takes an unclosed quote for a field that runs to the end of the file and reports no error, and an
empty file for one without rows. An independent count shows what it left out. Bytes are looked at in pieces of one
megabyte, and the engine gets slices of some million bytes, so memory does not grow with the file.
"""

import codecs
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import IO

import numpy as np

from c360.sources.reading.caps import MAX_DECOMPRESSION_RATIO, MAX_FILE_BYTES, RATIO_COUNTS_FROM_BYTES
from c360.sources.reading.refusal import FileRefused

PIECE_BYTES = 1 << 20
SLICE_BYTES = 32 << 20
"""A slice ends with the first row that reaches this size."""
_UTF8_MARK, _UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_QUOTE, _LINE_FEED = ord('"'), ord("\n")
_NOWHERE = np.array([], np.int64)
_WINDOWS_LETTERS = {code: letter for code in range(0x80, 0xA0) if (letter := bytes([code]).decode("cp1252", "ignore"))}
_WINDOWS_BYTES = bytes(_WINDOWS_LETTERS)


@dataclass(frozen=True)
class LineCount:
    """How many lines a text has; the last one counts with or without a line break."""

    line_count: int
    line_break: str
    """What ends a line: a line feed (also after a carriage return), or in files of old Macs a carriage return."""
    has_quoted_breaks: bool = False
    """Whether a line break stands between quotes, so that a row may have more than one line."""
    has_nul: bool = False
    """Whether there is a NUL, as such or as JSON writes it."""


@dataclass(frozen=True)
class TextSlice:
    """A part of a text file that begins and ends with whole rows, as a file in plain UTF-8."""

    path: Path
    first_line: int
    """The number of its first line in the whole file."""
    lines: LineCount

    @cached_property
    def blank_count(self) -> int:
        """Lines with not even a space, also those inside quoted fields. Counted when asked for."""
        return count_blank_lines(self.path)

    @property
    def filled_count(self) -> int:
        """Lines with anything in them."""
        return self.lines.line_count - self.blank_count


def cut_text(path: Path, spill: Path, encoding: str = "utf-8", *, has_quotes: bool = True) -> Iterator[TextSlice]:
    """The file in slices, in order. A slice is there until the next one is asked for.

    A file that is small and already what the engine reads is its own only slice. Where quotes do not come in pairs,
    which no sound CSV file has, slices may be larger.

    Args:
        path: The landed file, gzipped when its name ends in `.gz`.
        spill: A path that may be written to for the slices of other files.
        encoding: What the contract says: `utf-8`, `utf-16` or `latin-1`. The latter is read as browsers do, with the
            letters of Windows where Latin-1 has none.
        has_quotes: Whether a row goes on over a line break between quotes, as in CSV.

    Raises:
        FileRefused: the file is empty, not in its encoding, above a cap, or its compression is damaged.
    """
    if not _is_gzipped(path) and encoding == "utf-8" and path.stat().st_size <= SLICE_BYTES:
        yield TextSlice(path, 1, count_lines(path, has_quotes=has_quotes))
        return
    try:
        yield from _cut(_pieces_in_utf8(path, encoding), spill, has_quotes=has_quotes)
    finally:
        spill.unlink(missing_ok=True)


def count_lines(path: Path, *, has_quotes: bool = True) -> LineCount:
    """Count the lines of a file in UTF-8 and see that its bytes are whole.

    Raises:
        FileRefused: the file is empty, in UTF-16, or its compression is damaged.
    """
    counter: _LineCounter | None = None
    for piece in _pieces_in_utf8(path, "utf-8"):
        counter = counter or _LineCounter(_line_break(piece), has_quotes=has_quotes)
        counter.add(piece)
    return _not_empty(counter)


def count_blank_lines(path: Path) -> int:
    """How many lines of a file in UTF-8 have not even a space, also inside quoted fields."""
    return len(blank_lines(path, has_quotes=False))


def blank_lines(path: Path, *, has_quotes: bool = True) -> list[int]:
    """Where blank lines stand outside quoted fields, from 1, a line break inside quotes starting no new line."""
    found: list[int] = []
    line, is_quoted, is_at_line_start, unifier = 1, False, True, None
    for raw in _pieces_in_utf8(path, "utf-8"):
        unifier = unifier or _BreakUnifier(_line_break(raw))
        piece = unifier.unify(raw)
        letters = np.frombuffer(piece, np.uint8)
        quotes = np.flatnonzero(letters == _QUOTE) if has_quotes else _NOWHERE
        ends = np.flatnonzero(letters == _LINE_FEED)
        outside = ends[(np.searchsorted(quotes, ends) + is_quoted) % 2 == 0]
        found.extend((line + _blank_among(outside, is_at_line_start=is_at_line_start)).tolist())
        line += len(outside)
        is_quoted ^= bool(len(quotes) % 2)
        is_at_line_start = (piece.endswith(b"\n") if piece else is_at_line_start) and not is_quoted
    return found


class _BreakUnifier:
    """Turns every line break of a file into one line feed, piece by piece."""

    def __init__(self, line_break: str) -> None:
        self._is_old_mac = line_break == "\r"
        self._held_back = b""

    @property
    def holds_back(self) -> bool:
        """Whether the last byte was a carriage return, of which the next one tells what it is."""
        return bool(self._held_back)

    def unify(self, piece: bytes) -> bytes:
        if self._is_old_mac:
            return piece.replace(b"\r", b"\n")
        if not self._held_back and b"\r" not in piece:
            return piece
        text = self._held_back + piece
        self._held_back = b"\r" if text.endswith(b"\r") else b""
        return text.removesuffix(b"\r").replace(b"\r\n", b"\n")


class _LineCounter:
    """Counts the lines of a text that comes in pieces."""

    def __init__(self, line_break: str, *, has_quotes: bool) -> None:
        self._line_break, self._has_quotes = line_break, has_quotes
        self._unifier = _BreakUnifier(line_break)
        self._lines = 0
        self._is_at_line_start, self._is_blank = True, True
        self._is_quoted = self._has_quoted_breaks = self._has_nul = False

    def add(self, piece: bytes) -> None:
        text = self._unifier.unify(piece)
        self._lines += text.count(b"\n")
        if text:
            self._is_at_line_start = text.endswith(b"\n")
        self._is_blank = self._is_blank and not text.strip(b"\n")
        self._has_nul |= b"\0" in text or (b"\\" in text and b"\\u0000" in text)
        if self._has_quotes:
            self._look_at_quotes(text)

    def row_end(self, piece: bytes) -> int:
        """Where, in the piece that comes next, the last whole row ends; 0 when none does."""
        if not self._has_quotes or (not self._is_quoted and b'"' not in piece):
            return piece.rfind(self._line_break.encode()) + 1
        letters = np.frombuffer(piece, np.uint8)
        quotes, ends = np.flatnonzero(letters == _QUOTE), np.flatnonzero(letters == ord(self._line_break))
        outside = ends[(np.searchsorted(quotes, ends) + self._is_quoted) % 2 == 0]
        return int(outside[-1]) + 1 if len(outside) else 0

    @property
    def is_blank(self) -> bool:
        """Whether nothing but line breaks came so far."""
        return self._is_blank

    def close(self) -> LineCount:
        lines = self._lines + (not self._is_at_line_start or self._unifier.holds_back)
        return LineCount(lines, self._line_break, self._has_quoted_breaks, self._has_nul)

    def _look_at_quotes(self, text: bytes) -> None:
        if b'"' not in text:
            self._has_quoted_breaks |= self._is_quoted and b"\n" in text
            return
        letters = np.frombuffer(text, np.uint8)
        quotes = np.flatnonzero(letters == _QUOTE)
        if not self._has_quoted_breaks:
            places = np.searchsorted(quotes, np.flatnonzero(letters == _LINE_FEED)) + self._is_quoted
            self._has_quoted_breaks = bool((places % 2).any())
        self._is_quoted ^= bool(len(quotes) % 2)


def _cut(pieces: Iterator[bytes], spill: Path, *, has_quotes: bool) -> Iterator[TextSlice]:
    line, line_break, rest = 1, "", b""
    while True:
        counter, size, is_last = None, 0, True
        with spill.open("wb") as stream:
            for piece in chain([rest], pieces) if rest else pieces:
                line_break = line_break or _line_break(piece)
                counter = counter or _LineCounter(line_break, has_quotes=has_quotes)
                size += len(piece)
                end = counter.row_end(piece) if size >= SLICE_BYTES else 0
                part, rest = (piece[:end], piece[end:]) if end else (piece, b"")
                stream.write(part)
                counter.add(part)
                if end:
                    is_last = False
                    break
        if counter is None and line > 1:
            return
        lines = _not_empty(counter) if line == 1 else counter.close()  # type: ignore[union-attr]
        yield TextSlice(spill, line, lines)
        if is_last:
            return
        line += lines.line_count


def _not_empty(counter: _LineCounter | None) -> LineCount:
    if counter is None or counter.is_blank:
        raise FileRefused("empty", "It is empty.", "Ask for the export again; a day without rows has a header.")
    return counter.close()


def _blank_among(ends: np.ndarray, *, is_at_line_start: bool) -> np.ndarray:
    """The indexes of those line ends that directly follow another line end."""
    before = -1 if is_at_line_start else -2
    return np.flatnonzero(np.diff(ends, prepend=before) == 1)


def _line_break(beginning: bytes) -> str:
    return "\r" if b"\r" in beginning and b"\n" not in beginning else "\n"


def _pieces_in_utf8(path: Path, encoding: str) -> Iterator[bytes]:
    """The content in UTF-8, without a byte order mark."""
    pieces = _whole_pieces(path)
    beginning = next(pieces, b"")
    if encoding == "utf-8" or beginning.startswith(_UTF8_MARK):
        if beginning.startswith(_UTF16_MARKS) or beginning[1:64:2].count(0) > 16:
            raise FileRefused(
                "utf_16", "It is written in UTF-16.", "Write `encoding: utf-16` in the contract, or ask for UTF-8."
            )
        yield beginning.removeprefix(_UTF8_MARK)
        yield from pieces
    elif encoding == "utf-16":
        byte_order = "utf-16" if beginning.startswith(_UTF16_MARKS) else "utf-16-le"
        yield from _from_utf16(chain([beginning], pieces), byte_order)
    else:
        for piece in chain([beginning], pieces):
            yield _from_latin1(piece).encode()


def _from_utf16(pieces: Iterator[bytes], byte_order: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(byte_order)()
    try:
        for piece in pieces:
            yield decoder.decode(piece).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError:
        raise FileRefused(
            "bad_encoding", "It is not UTF-16 throughout.", "Correct `encoding` in the contract, or transfer it again."
        ) from None


def _from_latin1(piece: bytes) -> str:
    text = piece.decode("latin-1")
    has_windows_letters = len(piece.translate(None, _WINDOWS_BYTES)) < len(piece)
    return text.translate(_WINDOWS_LETTERS) if has_windows_letters else text


def _whole_pieces(path: Path) -> Iterator[bytes]:
    """The content, decompressed, as long as it stays below the caps."""
    size, landed_size = 0, path.stat().st_size
    try:
        with open_bytes(path) as stream:
            while piece := stream.read(PIECE_BYTES):
                size += len(piece)
                _check_size(size, landed_size)
                yield piece
    except EOFError:
        raise FileRefused(
            "truncated_gzip", "Its gzip stream ends too early: a part of the file is missing.", "Transfer it again."
        ) from None
    except (gzip.BadGzipFile, zlib.error):
        raise FileRefused(
            "broken_gzip", "It is not a sound gzip file, or something else follows behind it.", "Transfer it again."
        ) from None


def open_bytes(path: Path) -> IO[bytes]:
    """The file's content, decompressed when its name ends in `.gz`."""
    return gzip.open(path, "rb") if _is_gzipped(path) else path.open("rb")  # type: ignore[return-value]


def _is_gzipped(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


def _check_size(size: int, landed_size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise FileRefused(
            "too_large", f"It has more than {MAX_FILE_BYTES:,} bytes.", "Ask for the export in several files."
        )
    if size > max(RATIO_COUNTS_FROM_BYTES, MAX_DECOMPRESSION_RATIO * landed_size):
        raise FileRefused(
            "decompression_ratio",
            f"It decompresses to more than {MAX_DECOMPRESSION_RATIO} times its size.",
            "See what it is: no export is that repetitive. An honest one can be landed without compression.",
        )
