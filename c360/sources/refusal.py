"""Why a whole file is refused, in words that carry none of its values."""

import re
from collections.abc import Iterable

from c360.core.errors import ContractError

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


def check_columns(promised: Iterable[str], found: list[str]) -> None:
    """Compare the columns a file has with those its contract promises.

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
    differences = {
        "missing": shown_names(missing),
        # When most are missing, the first line may be a row, and its values a person's.
        "not in the contract": shown_names(unknown) if len(known) >= len(missing) else f"{len(unknown)} others",
        "there twice": shown_names(name for name in known if found.count(name) > 1),
    }
    if faults := [f"{fault}: {names}" for fault, names in differences.items() if names]:
        raise FileRefused(
            "columns_differ",
            f"Its columns are not those of the contract ({'; '.join(faults)}).",
            "Ask for the export as agreed, or change the contract.",
        )
