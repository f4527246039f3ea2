"""The errors c360 raises on purpose, each with the exit code its run ends with.

    C360Error                     1  something went wrong that nobody planned for
    ├── ConfigurationError        2  a setting, a contract, an audience file or an argument is wrong
    │   └── ContractError         2  what a source delivered is not what its contract promises
    ├── GateFailed                3  a gate refused the data; nothing was published
    ├── PartialExport             4  some rows of an export were refused
    ├── ExportStopped             5  stopped by consent, minimum size or the removal brake
    ├── IdentityStopped           5  changed rules would merge or split more customers than they allow
    ├── WarehouseLocked           6  another run holds the warehouse
    ├── ServiceMissing            7  a program or service the step needs is not there
    └── RowsUnaccounted           8  rows read are not all accepted, duplicates or in quarantine

A message says what happened, where, why, and what to do next. It never quotes a personal value: rows are named by
file and line.
"""

import traceback
from pathlib import Path


class C360Error(Exception):
    """The root of every error c360 raises on purpose."""

    exit_code = 1


class ConfigurationError(C360Error):
    """A setting, a contract, an audience file or an argument is wrong."""

    exit_code = 2


class ContractError(ConfigurationError):
    """What a source delivered is not what its contract promises."""


class GateFailed(C360Error):
    """A gate refused the data; the previous published version stays."""

    exit_code = 3


class PartialExport(C360Error):
    """Some rows of an export were refused; the others were written."""

    exit_code = 4


class ExportStopped(C360Error):
    """Consent, the minimum audience size or the removal brake stopped an export."""

    exit_code = 5


class IdentityStopped(C360Error):
    """Changed rules would merge or split more customers than they allow, and nobody said yes."""

    exit_code = 5


class WarehouseLocked(C360Error):
    """Another process holds the warehouse file."""

    exit_code = 6


class ServiceMissing(C360Error):
    """A program or service the step needs cannot be found or reached."""

    exit_code = 7


class RowsUnaccounted(C360Error):
    """The rows of the lake and the quarantine are not those the accounts of the files speak of."""

    exit_code = 8


def safe_message(error: Exception) -> str:
    """What may be shown of an error: the message of one raised on purpose, only the kind and place of any other.

    An error nobody planned for may quote the row it failed on.
    """
    if isinstance(error, C360Error):
        return str(error)
    place = traceback.extract_tb(error.__traceback__)[-1]
    return (
        f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}. The message is withheld because it may "
        "quote a personal value. This is a defect: please report it; a debugger shows the rest."
    )
