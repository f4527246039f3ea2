"""What became of each landed file, as the manifest beside its rows in the lake tells it."""

from collections import Counter
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict


class QuarantinedRows(BaseModel):
    """The rows of a file refused for one reason: how many, and the first lines where they stand."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: int
    lines: list[int]


class Replay(BaseModel):
    """What a replay took out of quarantine: rows that pass under the contract of its day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    load_date: date
    """The `as_of` of the run that replayed, which is also the load date of the rows it accepted."""
    run_id: str
    accepted_count: int
    duplicate_count: int


class FileAccount(BaseModel):
    """The account of one file: `read_count = accepted_count + duplicate_count + quarantined_count`.

    A refused file has no row in the lake; its bytes and all its rows count as quarantined. When it could not even be
    read to the end, its rows are not known and count as none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_name: str
    table_name: str
    file_name: str
    """The name under which the bytes first landed."""
    file_digest: str
    load_date: date
    """The `as_of` of the run that first met the file (a refused one) or loaded it."""
    run_id: str = ""
    """The run that loaded the file, or last refused it."""
    status: Literal["loaded", "refused"]
    reason: str = ""
    """Why a file was refused, as a code."""
    explanation: str = ""
    """The same in words, with the line where there is one and what to do about it."""
    read_count: int = 0
    accepted_count: int = 0
    duplicate_count: int = 0
    quarantined_count: int = 0
    quarantined: dict[str, QuarantinedRows] = {}
    """Refused rows by reason."""
    not_normalised: dict[str, int] = {}
    """Accepted rows with an identifier without a normal form, by `<column>:<reason>`."""
    unknown_columns: dict[str, int] = {}
    """In how many rows a column turned up that the contract does not know."""
    missing_columns: list[str] = []
    """Columns that the contract promises and the file does not have; they are NULL."""
    parts: list[int] = []
    """The slices of the file with accepted rows, each a Parquet file in the lake."""
    stops_run: bool = False
    """Whether nothing after ingest may run because of this file: it is refused, and not for a drift to be let pass."""
    replays: list[Replay] = []
    """What was taken out of quarantine since, in order; the counts above include it."""

    @property
    def is_balanced(self) -> bool:
        """Whether every row read is somewhere, once."""
        return self.read_count == self.accepted_count + self.duplicate_count + self.quarantined_count


def add_counts(counts: dict[str, int], more: dict[str, int]) -> dict[str, int]:
    """Counts by name, added up; a name that counts nothing is left out."""
    return dict(Counter(counts) + Counter(more))
