"""Digests: the only place that hashes, so the only place that decides what a digest is.

No function here takes the empty string: its digest would be one identifier shared by everybody without one.
"""

import base64
import hashlib  # noqa: TID251 - this is the one place
import math
from pathlib import Path

_ID_DIGITS = 16
_FLOAT_BITS = 53


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as lower-case hex, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_hex(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, as lower-case hex.

    Raises:
        ValueError: `text` is empty.
    """
    return _sha256(text).hex()


def md5_hex(text: str) -> str:
    """Return the MD5 of `text` in UTF-8, as lower-case hex: what dbt's macro `hash` writes. It names, it hides nothing.

    Raises:
        ValueError: `text` is empty.
    """
    if not text:
        raise ValueError("the empty string has no digest")
    return hashlib.md5(text.encode("utf-8"), usedforsecurity=False).hexdigest()


def sha256_base64(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, as base64 of the 32 raw bytes (not of the hex text).

    Raises:
        ValueError: `text` is empty.
    """
    return base64.b64encode(_sha256(text)).decode("ascii")


def stable_id(prefix: str, text: str) -> str:
    """Return `prefix` and the first 16 hex digits of the SHA-256 of `text`: the same text has the same id in every run.

    Raises:
        ValueError: `text` is empty.
    """
    return prefix + sha256_hex(text)[:_ID_DIGITS]


def share(key: str, salt: str) -> float:
    """Return where `key` falls in [0, 1) under `salt`: uniform, the same in every run, unrelated between salts.

    Raises:
        ValueError: `key` is empty.
    """
    if not key:
        raise ValueError("an empty key has no place")
    leading = int.from_bytes(_sha256(f"{salt}\x00{key}")[:8], "big")
    return math.ldexp(leading >> (64 - _FLOAT_BITS), -_FLOAT_BITS)


def _sha256(text: str) -> bytes:
    if not text:
        raise ValueError("the empty string has no digest")
    return hashlib.sha256(text.encode("utf-8")).digest()
