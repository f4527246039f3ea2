"""Numbers that follow from a block and a position: different everywhere, in no telling order."""

import numpy as np
import pytest

from c360.sample.block import Block, blocks, scattered


def test_blocks_are_the_people_that_were_asked_for() -> None:
    """Blocks stand behind one another, the last one shorter; a world of one block has no parts."""
    found = list(blocks(60, 25, seed=7))

    assert [(block.first_person, block.person_count) for block in found] == [(0, 25), (25, 25), (50, 10)]
    assert [block.part for block in found] == ["_0001", "_0002", "_0003"]
    assert next(blocks(25, 25, seed=7)).part == ""


@pytest.mark.parametrize("below", [7, 1000, 9_000_000])
@pytest.mark.parametrize("salt", [0, 4_000_000_000])
def test_scattered_numbers_are_different(below: int, salt: int) -> None:
    """Every number below the limit is given once, and neighbours are far from each other."""
    numbers = np.arange(min(below, 100_000))
    found = scattered(numbers, below, salt)

    assert len(np.unique(found)) == len(numbers)
    assert 0 <= found.min() <= found.max() < below
    assert below < 100 or np.abs(np.diff(found)).min() > below / 10


@pytest.mark.parametrize("digits", [7, 9, 10, 12])
def test_serials_of_blocks_never_meet(digits: int) -> None:
    """Two blocks of a world give different numbers of one kind, each with as many digits as asked for."""
    found = np.concatenate([block.serials("card", 5000, digits) for block in blocks(90, 30, seed=7)])

    assert len(np.unique(found)) == 15_000
    assert set(map(len, found.astype(str))) == {digits}


def test_seeds_and_kinds_give_other_numbers() -> None:
    """The same position has another number in another world and for another kind."""
    first, other = (Block(0, 0, 10, 10, 1, seed) for seed in (7, 8))

    assert not set(first.serials("card", 10, 9)) & set(first.serials("account", 10, 9))
    assert not set(first.serials("card", 10, 9)) & set(other.serials("card", 10, 9))


def test_too_many_numbers_are_refused() -> None:
    """Where there are fewer numbers than asked for, none is given twice."""
    block = Block(0, 0, 2000, 2000, 1, 7)

    with pytest.raises(ValueError, match="'card'"):
        block.serials("card", 901, 3)
    with pytest.raises(ValueError, match="'phone'"):
        block.person_serials("phone", np.arange(10), 1999)
