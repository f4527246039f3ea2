"""The lake: accepted rows as Parquet, refused ones in quarantine, and one manifest per file.

    lake/<source>/<table>/load_date=<date>/<digest>.parquet    accepted rows
    lake/<source>/<table>/load_date=<date>/<digest>.<n>.parquet   more of them, of the n-th slice of a large file
    lake/<source>/<table>/_files/<digest>.json                 the manifest: written last, it commits the file
    quarantine/<source>/<table>/<digest>.parquet               refused rows with line, reason and the row as it came
    quarantine/<source>/<table>/<digest>.refused.<suffix>      the bytes of a refused file

Whatever a replay takes out of quarantine lies beside them as `<digest>.replay_<n>.parquet`: what was accepted under the
replay's load date, what is still refused in quarantine. The manifest tells which of them count.

A file is known by the digest of its bytes, not by its name. What has no manifest was left by a run that was killed and
does not count.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from c360.core.errors import C360Error
from c360.core.files import appearing
from c360.core.settings import Settings
from c360.core.sql import literal, quoted
from c360.sources.contracts.contract import SourceTable
from c360.sources.contracts.lake_columns import lake_columns
from c360.sources.lake.accounts import FileAccount

PARQUET = "(format parquet, compression zstd)"
"""How the lake and the quarantine are written."""
_OWNER_ONLY_FOLDER = 0o700
_OWNER_ONLY_FILE = 0o600


@dataclass(frozen=True)
class TableLake:
    """The part of the lake and of the quarantine that belongs to one source table."""

    settings: Settings
    table: SourceTable

    @property
    def folder(self) -> Path:
        """Accepted rows and manifests."""
        return self.settings.lake_dir / self.table.source_name / self.table.table_name

    @property
    def quarantine_folder(self) -> Path:
        """Refused rows and files."""
        return self.settings.quarantine_dir / self.table.source_name / self.table.table_name

    def accounts(self) -> dict[str, FileAccount]:
        """The committed accounts by digest, in the order of the digests.

        Raises:
            C360Error: a manifest is damaged.
        """
        accounts = [_read_manifest(path) for path in sorted((self.folder / "_files").glob("*.json"))]
        return {account.file_digest: account for account in accounts}

    def has_loaded_any(self) -> bool:
        """Whether a file of this table was ever loaded."""
        return any(account.status == "loaded" for account in self.accounts().values())

    def rows_path(self, account: FileAccount, part: int = 0) -> Path:
        """Where the accepted rows of a file, or of its n-th slice, lie."""
        suffix = f".{part}" if part else ""
        return self.folder / f"load_date={account.load_date}" / f"{account.file_digest}{suffix}.parquet"

    def replayed_path(self, account: FileAccount, number: int) -> Path:
        """Where the rows lie that the replay of this number accepted, from 1."""
        folder = self.folder / f"load_date={account.replays[number - 1].load_date}"
        return folder / f"{account.file_digest}.replay_{number}.parquet"

    def rows_paths(self, account: FileAccount) -> list[Path]:
        """The Parquet files of a file's accepted rows: of its load, and of each replay."""
        return [self.rows_path(account, part) for part in account.parts] + [
            self.replayed_path(account, number)
            for number, replay in enumerate(account.replays, start=1)
            if replay.accepted_count
        ]

    def quarantine_path(self, digest: str, replay_count: int = 0) -> Path:
        """Where the refused rows of a file lie after so many replays."""
        return self.quarantine_folder / (
            f"{digest}.replay_{replay_count}.parquet" if replay_count else f"{digest}.parquet"
        )

    def quarantined_path(self, account: FileAccount) -> Path:
        """Where the refused rows of a file lie today.

        Raises:
            C360Error: they are gone.
        """
        path = self.quarantine_path(account.file_digest, len(account.replays))
        if not path.exists():
            raise C360Error(
                f"{path} is gone, although the manifest of {account.source_name}/{account.file_name} says that rows "
                f"lie there. Put it back, or remove {self.folder} so that what is in landing is loaded again."
            )
        return path

    def loaded_paths(self) -> list[Path]:
        """The Parquet files of every committed file with accepted rows.

        Raises:
            C360Error: one is gone although its manifest is there.
        """
        return self._paths(self.accounts().values())

    def _paths(self, accounts: Iterable[FileAccount]) -> list[Path]:
        paths = [path.resolve() for account in accounts for path in self.rows_paths(account)]
        if missing := [path for path in paths if not path.exists()]:
            raise C360Error(
                f"{missing[0]} is gone, although its manifest in {self.folder / '_files'} says that it was loaded. Put "
                "it back, or remove the manifest so that the landed file is loaded again."
            )
        return paths

    def relation(self) -> str:
        """SQL for all accepted rows, typed; without rows when there are none.

        A column that the contract gained later is NULL in the files loaded before.
        """
        return self._relation(self.loaded_paths())

    def relation_of(self, accounts: Iterable[FileAccount]) -> str:
        """SQL for the accepted rows of some files, like `relation`."""
        return self._relation(self._paths(accounts))

    def _relation(self, paths: list[Path]) -> str:
        columns = lake_columns(self.table.terms)
        nothing = ", ".join(f"null::{sql_type} as {quoted(name)}" for name, sql_type in columns.items())
        relation = f"select {nothing} where false"
        if paths:
            files = ", ".join(literal(str(path)) for path in paths)
            relation += (
                f" union all by name from read_parquet([{files}], union_by_name = true, hive_partitioning = false)"
            )
        # Rows of before a type became wider are read as what the contract says today.
        values = ", ".join(f"{quoted(name)}::{sql_type} as {quoted(name)}" for name, sql_type in columns.items())
        return f"select {values} from ({relation})"

    def commit(self, account: FileAccount) -> None:
        """Write the manifest: from now on the file counts."""
        with appearing(self.folder / "_files" / f"{account.file_digest}.json") as path:
            path.write_text(account.model_dump_json(indent=2) + "\n", "utf-8")

    def keep_refused_bytes(self, landed: Path, digest: str) -> None:
        """Copy a refused file to quarantine."""
        target = self.quarantine_folder / f"{digest}.refused{''.join(landed.suffixes)}"
        with appearing_privately(target, self.settings.quarantine_dir) as path:
            shutil.copyfile(landed, path)

    def remove_leftovers(self, digest: str) -> None:
        """Remove what an earlier, unfinished or refused attempt at these bytes left behind."""
        self.remove_rows(digest)
        for path in self.quarantine_folder.glob(f"*{digest}.*"):
            path.unlink()

    def remove_rows(self, digest: str) -> None:
        """Remove the accepted rows of a file that is not committed."""
        for path in self.folder.glob(f"load_date=*/*{digest}.*"):
            path.unlink()

    def refused_bytes(self, account: FileAccount) -> Path:
        """Where the bytes of a refused file lie.

        Raises:
            C360Error: they are gone.
        """
        if found := list(self.quarantine_folder.glob(f"{account.file_digest}.refused*")):
            return found[0]
        raise C360Error(
            f"The bytes of the refused file {account.source_name}/{account.file_name} are gone from "
            f"{self.quarantine_folder}. Land it again, or remove its manifest {account.file_digest}.json in "
            f"{self.folder / '_files'} if nobody needs it."
        )

    def remove_superseded(self, account: FileAccount) -> None:
        """Remove what its account no longer speaks of: what a replay took out, or left half-done when it was killed."""
        kept = {*self.rows_paths(account), self.quarantine_path(account.file_digest, len(account.replays))}
        digest = account.file_digest
        if account.status == "refused":
            kept |= set(self.quarantine_folder.glob(f"{digest}.refused*"))
        found = [*self.folder.glob(f"load_date=*/*{digest}.*"), *self.quarantine_folder.glob(f"*{digest}.*")]
        for path in set(found) - kept:
            path.unlink()


def _read_manifest(path: Path) -> FileAccount:
    try:
        return FileAccount.model_validate_json(path.read_bytes())
    except ValidationError:
        raise C360Error(
            f"{path} is no manifest of this version of c360: it is damaged. Put it back, or remove it so that its file "
            "is loaded again from landing."
        ) from None


@contextmanager
def appearing_privately(path: Path, root: Path) -> Iterator[Path]:
    """Like `appearing`, in a folder under `root` that only its owner may enter."""
    make_private(path.parent, root)
    with appearing(path) as part:
        yield part
        part.chmod(_OWNER_ONLY_FILE)


def make_private(folder: Path, root: Path) -> None:
    """Make `folder`, and everything between it and `root`, for its owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in [folder, *folder.parents]:
        if path.is_relative_to(root):
            path.chmod(_OWNER_ONLY_FOLDER)
