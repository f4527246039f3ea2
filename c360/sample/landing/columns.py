"""Columns of raw files, made whole: text of times, amounts and ids as source systems write them, all in Arrow."""

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from c360.sample.draws import Flags, Positions
from c360.sample.landing.clocks import paris_offset_seconds
from c360.sample.timeline import Moments

Bytes = npt.NDArray[np.uint8]

HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
UUID_PLACES = np.delete(np.arange(36), (8, 13, 18, 23))
"""Where the 32 hexadecimal digits of a UUID stand among its dashes."""
BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
MIX_STEP, MIX_FIRST, MIX_SECOND = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)


def text(values: pd.Series | npt.NDArray[np.object_] | Sequence[str | None]) -> pa.StringArray:
    """Values as Arrow text; a missing value stays missing."""
    column = pa.array(values, from_pandas=True)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return column.cast(pa.string())


def taken(values: pd.Series, positions: Positions) -> pa.StringArray:
    """The texts at `positions`, missing where a position is negative."""
    at = pa.array(positions, mask=positions < 0)
    return text(values).take(at)


def chosen(values: Sequence[str | None], positions: Positions) -> pa.StringArray:
    """One of a few values for every row."""
    return pa.array(list(values), pa.string()).take(pa.array(positions))


def only_where(column: pa.Array, flags: Flags) -> pa.Array:
    """The column, missing where a flag is off."""
    return pc.if_else(pa.array(flags), column, pa.scalar(None, column.type))


def joined(*parts: pa.Array | str) -> pa.StringArray:
    """The parts of every row one after the other; missing where a part is missing."""
    return pc.binary_join_element_wise(*(pa.scalar(p) if isinstance(p, str) else p for p in parts), "")


def numbered(prefix: str, numbers: Positions, digits: int = 0) -> pa.StringArray:
    """Whole numbers as text behind a prefix, filled with zeros up to `digits`."""
    column = pa.array(numbers).cast(pa.string())
    return joined(prefix, pc.utf8_lpad(column, digits, "0") if digits else column)


def money(cents: npt.ArrayLike) -> pa.StringArray:
    """Cents as text with two decimals, `-12.90`."""
    low = np.asarray(cents, dtype=np.int64)
    words = np.column_stack((low, low >> 63))  # the two words of a 128-bit number
    decimals = pa.Array.from_buffers(pa.decimal128(18, 2), len(low), [None, pa.py_buffer(words.tobytes())])
    return decimals.cast(pa.string())


def utc(moments: Moments) -> pa.StringArray:
    """`2026-06-30T12:05:00Z`."""
    return joined(_iso(moments), "Z")


def utc_millis(moments: Moments) -> pa.StringArray:
    """`2026-06-30T12:05:00.000Z`."""
    return joined(_iso(moments.astype("datetime64[ms]")), "Z")


def with_offset(moments: Moments) -> pa.StringArray:
    """UTC moments on the clock of Paris, `2026-06-30T14:05:00+02:00`."""
    offset = paris_offset_seconds(moments)
    return joined(_iso(moments + offset.astype("timedelta64[s]")), chosen(("+01:00", "+02:00"), offset // 3600 - 1))


def wall_clock(moments: Moments) -> pa.StringArray:
    """`2026-06-30 14:05:00`, on whatever clock the moments are."""
    return pa.array(moments.astype("datetime64[s]")).cast(pa.string())


def _iso(moments: Moments) -> pa.StringArray:
    return pc.utf8_replace_slice(pa.array(moments).cast(pa.string()), 10, 11, "T")


def uuids_of(numbers: Positions, kind: str) -> pa.StringArray:
    """A UUID of version 4 for each number that no other number has for this `kind`."""
    digits = _mixed_digits(numbers, kind)
    digits[:, 12], digits[:, 16] = 4, 8 | (digits[:, 16] & 3)
    letters = np.full((len(numbers), 36), ord("-"), dtype=np.uint8)
    letters[:, UUID_PLACES] = HEX[digits]
    return of_letters(letters)


def hexadecimal_of(numbers: Positions, kind: str, length: int = 32) -> pa.StringArray:
    """A hexadecimal number of up to 32 digits for each number; with 16 digits or more no other number has it."""
    return of_letters(HEX[_mixed_digits(numbers, kind)[:, :length]])


def letters_of(numbers: Positions, kind: str, length: int, alphabet: str = BASE64URL) -> pa.StringArray:
    """A word of `length` letters for each number, in no order that tells anything."""
    letters = np.frombuffer(alphabet.encode(), dtype=np.uint8)
    codes = np.empty((len(numbers), length), dtype=np.uint8)
    for start in range(0, length, 10):
        word = _mixed(numbers, f"{kind}/{start}")
        for place in range(start, min(start + 10, length)):
            codes[:, place] = letters[(word % np.uint64(len(letters))).astype(np.int64)]
            word = word // np.uint64(len(letters))
    return of_letters(codes)


def _mixed_digits(numbers: Positions, kind: str) -> Bytes:
    words = np.column_stack([_mixed(numbers, f"{kind}/{word}") for word in range(2)])
    octets = words.astype(">u8").view(np.uint8).reshape(len(numbers), 16)
    return np.stack((octets >> 4, octets & 15), axis=2).reshape(len(numbers), 32)


def _mixed(numbers: Positions, kind: str) -> npt.NDArray[np.uint64]:
    """The finisher of the generator SplitMix64: a different 64-bit number for each number."""
    salt = np.full(1, zlib.crc32(kind.encode()), dtype=np.uint64)
    word = numbers.astype(np.uint64) + salt * MIX_STEP
    word = (word ^ (word >> np.uint64(30))) * MIX_FIRST
    word = (word ^ (word >> np.uint64(27))) * MIX_SECOND
    return np.asarray(word ^ (word >> np.uint64(31)))


def of_letters(letters: Bytes) -> pa.StringArray:
    """One text of equal length per row of ASCII codes."""
    count, length = letters.shape
    offsets = np.arange(count + 1, dtype=np.int64) * length
    buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(np.ascontiguousarray(letters).tobytes())]
    return pa.Array.from_buffers(pa.large_string(), count, buffers).cast(pa.string())


def struct(fields: Mapping[str, pa.Array], mask: Flags | None = None) -> pa.StructArray:
    """A nested object per row; none at all where `mask` is on."""
    return pa.StructArray.from_arrays(
        list(fields.values()), list(fields), mask=None if mask is None else pa.array(mask)
    )


def lists(values: pa.Array, counts: Positions) -> pa.ListArray:
    """`values` cut into lists of `counts` members, one after the other."""
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values)
