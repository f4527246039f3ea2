"""Digests, ids and draws."""

from collections import Counter
from pathlib import Path

import pytest

from c360.privacy.hashing import file_digest, md5_hex, sha256_base64, sha256_hex, share, stable_id

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
"""SHA-256 of `abc`, from FIPS 180-2, appendix B.1."""


def test_digests_are_those_of_the_standard(tmp_path: Path) -> None:
    """Hex is lower case, base64 is of the 32 raw bytes, and a file has the digest of its bytes."""
    (tmp_path / "file").write_bytes(b"abc")

    assert sha256_hex("abc") == ABC
    assert md5_hex("abc") == "900150983cd24fb0d6963f7d28e17f72"
    assert sha256_base64("abc") == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
    assert file_digest(tmp_path / "file") == ABC


@pytest.mark.parametrize(
    "function", [sha256_hex, md5_hex, sha256_base64, lambda text: stable_id("c_", text), lambda text: share(text, "s")]
)
def test_the_empty_string_has_no_digest(function) -> None:  # type: ignore[no-untyped-def]
    """Nobody can be told apart by the digest of nothing."""
    with pytest.raises(ValueError, match="empty"):
        function("")


def test_an_id_is_a_pure_function_of_its_text() -> None:
    """The same text has the same id, with its prefix and 16 hex digits."""
    assert stable_id("c_", "abc") == "c_" + ABC[:16]


def test_a_draw_is_uniform_and_differs_by_salt() -> None:
    """Each tenth of [0, 1) holds about a tenth of the keys, and one salt says nothing about another."""
    keys = [f"c_{number}" for number in range(5000)]
    tenths = Counter(int(share(key, "audience") * 10) for key in keys)
    both = sum(share(key, "audience") < 0.1 and share(key, "another") < 0.1 for key in keys)

    assert sorted(tenths) == list(range(10))
    assert all(400 < count < 600 for count in tenths.values())
    assert 20 < both < 90
    assert share("c_1", "audience") == share("c_1", "audience")


def test_key_and_salt_do_not_run_into_each_other() -> None:
    """`a` + `bc` and `ab` + `c` are different draws."""
    assert share("bc", "a") != share("c", "ab")
