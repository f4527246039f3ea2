"""Why a whole file is refused, in words that carry none of its values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from c360.core.errors import ContractError
from c360.sources.contracts.contract import Table
from c360.sources.reading.caps import MAX_COLUMNS

_NAME_LIKE = re.compile(r"[^\W\d_][\w .\-/()#%$:]{0,59}")
_LONG_NUMBER = re.compile(r"\d{5}")


class FileRefused(ContractError):
    """A file that cannot be taken in.

    Args:
        reason: A code that stays the same: `empty`, `truncated_gzip`, `columns_differ`.
        why: What was found, without any value of the file.
        remedy: What to do about it.
        line: Where in the file, when it is at one place.
    """

    def __init__(self, reason: str, why: str, remedy: str, line: int | None = None) -> None:
        super().__init__(f"line {line}: {why} {remedy}" if line else f"{why} {remedy}")
        self.reason = reason


def shown_names(names: Iterable[str]) -> str:
    """Column names as a log may show them: what does not look like a name may be a person's value, and is counted."""
    names = sorted(names)
    shown = [repr(name) for name in names if _NAME_LIKE.fullmatch(name) and not _LONG_NUMBER.search(name)]
    hidden = len(names) - len(shown)
    return ", ".join(shown + ([f"{hidden} that may be values and are not shown"] if hidden else []))


@dataclass(frozen=True)
class Columns:
    """The columns of a file beside those of its contract."""

    known: dict[str, str]
    """The contract's name of each column of the file that it knows, by the name in the file."""
    unknown: list[str]
    missing: list[str]
    """The contract's names of the columns the file does not have."""


def match_columns(table: Table, found: list[str]) -> Columns:
    """Find the contract's columns in a file, and decide by its policy for drift whether the file may differ.

    Raises:
        FileRefused: it may not, or a column that every row must have is missing.
    """
    if len(found) > MAX_COLUMNS:
        raise FileRefused(
            "too_many_columns",
            f"It has more than {MAX_COLUMNS:,} columns.",
            "See whether its delimiter is the agreed one.",
        )
    own = {column.source_name or name: name for name, column in table.columns.items()}
    required = [written for written, name in own.items() if table.columns[name].required]
    check_columns(own, found, required if may_differ(table) else None)
    return Columns(
        {written: own[written] for written in found if written in own},
        [written for written in found if written not in own],
        [name for written, name in own.items() if written not in found],
    )


def may_differ(table: Table) -> bool:
    """Whether a file may have other columns than promised."""
    return table.drift in ("evolve", "warn")


def check_columns(promised: Iterable[str], found: list[str], required: Iterable[str] | None = None) -> None:
    """Compare the columns a file has with those its contract promises.

    Args:
        promised: The contract's columns, by their names in the file.
        found: The columns of the file.
        required: Those without which it is refused, when others may be missing and unknown ones be there.

    Raises:
        FileRefused: some are missing, unknown or there twice.
    """
    missing, unknown = set(promised) - set(found), set(found) - set(promised)
    known = set(promised) - missing
    if not known:
        raise FileRefused(
            "columns_differ",
            "None of the contract's columns is in the file.",
            "See whether its first line names the columns and whether the contract's delimiter and source_name "
            "are those of the file.",
        )
    twice = {name for name in found if found.count(name) > 1} if len(set(found)) < len(found) else set()
    differences = {
        # These are the contract's own names.
        "missing": ", ".join(map(repr, sorted(missing if required is None else missing & set(required)))),
        # When most are missing, the first line may be a row, and its values a person's.
        "not in the contract": ""
        if required is not None
        else shown_names(unknown)
        if len(known) >= len(missing)
        else f"{len(unknown)} others",
        "there twice": shown_names(twice if required is not None else twice & known),
    }
    if faults := [f"{fault}: {names}" for fault, names in differences.items() if names]:
        raise FileRefused(
            "columns_differ",
            f"Its columns are not those of the contract ({'; '.join(faults)}).",
            "Ask for the export as agreed, or change the contract.",
        )
