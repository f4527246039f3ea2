"""A block of people: the part of a world that is made and written at once, and the numbers that are its own.

Memory is that of a block, whatever the world. Numbers follow from the block and the position in it, so no two blocks
give the same one and nothing is sorted over the whole world.
"""

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from c360.sample.draws import Positions

LOWEST_IN_ORDER = 10**11
ROOM_IN_ORDER = 10**8
"""Ids of one prefix that a block may give out."""
LARGEST_PRODUCT = 2**62
"""What a 64-bit number can hold with room to add."""


@dataclass(frozen=True)
class Block:
    """Some people of a world, next to each other."""

    number: int
    """0 for the first block, which also writes what a world has once: products, costs."""
    first_person: int
    """How many people the blocks before hold."""
    person_count: int
    world_person_count: int
    block_count: int
    seed: int
    """Of the world."""

    @property
    def part(self) -> str:
        """What the block's files have in their names where there are several blocks."""
        return f"_{self.number + 1:04d}" if self.block_count > 1 else ""

    def serials(self, kind: str, count: int, digits: int) -> Positions:
        """`count` numbers of exactly `digits` digits that no other block has for this `kind`, in no telling order."""
        lowest: int = 10 ** (digits - 1)
        room = 9 * lowest // self.block_count
        if count > room:
            raise ValueError(
                f"{count} numbers of {digits} digits for {kind!r} do not fit into {self.block_count} blocks"
            )
        return lowest + scattered(self.number * room + np.arange(count), 9 * lowest, self._salt(kind))

    def person_serials(self, kind: str, positions: Positions, below: int) -> Positions:
        """A number from 0 up to `below` for each person at `positions` that no other person has for this `kind`."""
        if self.world_person_count > below:
            raise ValueError(
                f"{self.world_person_count} people are more than the {below} numbers there are of {kind!r}"
            )
        return scattered(self.first_person + positions, below, self._salt(kind))

    def in_order(self, prefix: str, count: int) -> pd.Series:
        """`count` ids that grow with the position in the block: `W100100000001` is the first of the second block."""
        first = LOWEST_IN_ORDER + self.number * ROOM_IN_ORDER + 1
        return prefix + pd.Series(np.arange(first, first + count)).astype("str")

    def _salt(self, kind: str) -> int:
        return zlib.crc32(f"{self.seed}/{kind}".encode())


def blocks(person_count: int, block_people: int, seed: int) -> Iterator[Block]:
    """A world's people in blocks of at most `block_people`."""
    block_count = math.ceil(person_count / block_people)
    for number in range(block_count):
        first = number * block_people
        count = min(block_people, person_count - first)
        yield Block(number, first, count, person_count, block_count, seed)


def scattered(numbers: Positions, below: int, salt: int) -> Positions:
    """Different numbers below `below` for different `numbers` below it, far from their neighbours."""
    step = min(round(below * (math.sqrt(5) - 1) / 2), LARGEST_PRODUCT // below) or 1
    while math.gcd(step, below) != 1:
        step += 1
    return np.asarray((numbers * step + salt % below) % below, dtype=np.int64)
