"""What landed, in the landing folder and in object storage, and which file belongs to which table."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pydantic import TypeAdapter

from c360.core.errors import ContractError, ServiceMissing
from c360.core.files import appearing
from c360.core.object_storage import ObjectStorage, StoredFile
from c360.core.settings import Settings
from c360.privacy.hashing import file_digest
from c360.sources.contracts.contract import Contract, SourceTable
from c360.sources.private_folder import passing_folder

_REMEMBERED = TypeAdapter(dict[str, tuple[str, str]])
"""By path: the version of a file, as its store told it, and the digest of its bytes."""


class LandedFile(Protocol):
    """A file that landed somewhere."""

    @property
    def name(self) -> str:
        """Its name without its folder."""

    @property
    def folder(self) -> str:
        """The name of the folder it lies in: its source."""

    def digest(self) -> str:
        """The digest of its bytes."""

    def path(self) -> Path:
        """Where it lies on this machine, under its own name, until another file's is asked for."""


@dataclass(frozen=True)
class LocalFile:
    """A file in the landing folder."""

    place: Path

    @property
    def name(self) -> str:
        """Its name without its folder."""
        return self.place.name

    @property
    def folder(self) -> str:
        """The name of the folder it lies in: its source."""
        return self.place.parent.name

    def digest(self) -> str:
        """The digest of its bytes."""
        return file_digest(self.place)

    def path(self) -> Path:
        """Where it lies."""
        return self.place

    def __str__(self) -> str:
        return str(self.place)


@dataclass(eq=False)
class FetchedFiles:
    """Files of object storage on this machine: one at a time, and only those that are new or changed.

    Args:
        storage: Where they come from.
        folder: A private folder for the one that is here.
        memory: A file that keeps the digests of versions fetched before. Without it everything is fetched again.
    """

    storage: ObjectStorage
    folder: Path
    memory: Path
    _listed: dict[str, list[StoredFile]] = field(default_factory=dict, init=False)
    _digests: dict[str, tuple[str, str]] = field(init=False)
    _here: StoredFile | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._digests = _REMEMBERED.validate_json(self.memory.read_bytes()) if self.memory.exists() else {}

    def like(self, pattern: str) -> list[StoredFile]:
        """The files whose path is like `pattern`, as they were when they were first asked for."""
        if pattern not in self._listed:
            self._listed[pattern] = self.storage.glob(pattern)
        return self._listed[pattern]

    def digest(self, file: StoredFile) -> str:
        """The digest of a file's bytes, fetched when this version of it was not before."""
        version, digest = self._digests.get(file.path, ("", ""))
        if version == file.version:
            return digest
        return file_digest(self.fetch(file))

    def fetch(self, file: StoredFile) -> Path:
        """The file on this machine.

        Raises:
            ServiceMissing: the store cannot be reached, or the file changed while the run read it.
        """
        target = self.folder / file.name
        if self._here == file:
            return target
        for path in self.folder.iterdir():
            path.unlink()
        self._here = None
        self.storage.fetch(file, target)
        version, known = self._digests.get(file.path, ("", ""))
        digest = file_digest(target)
        if version == file.version and digest != known:
            raise ServiceMissing(f"{file.path} was replaced while the run read it. Run again.")
        self._here, self._digests[file.path] = file, (file.version, digest)
        return target

    def remember(self) -> None:
        """Keep the digests for the next run."""
        with appearing(self.memory) as part:
            part.write_bytes(_REMEMBERED.dump_json(self._digests, indent=2) + b"\n")


@dataclass(frozen=True)
class RemoteFile:
    """A file in object storage."""

    stored: StoredFile
    files: FetchedFiles

    @property
    def name(self) -> str:
        """Its name without its folder."""
        return self.stored.name

    @property
    def folder(self) -> str:
        """The name of the folder it lies in: its source."""
        return self.stored.folder

    def digest(self) -> str:
        """The digest of its bytes."""
        return self.files.digest(self.stored)

    def path(self) -> Path:
        """Where it lies on this machine until another file's is asked for."""
        return self.files.fetch(self.stored)

    def __str__(self) -> str:
        return self.stored.path


@dataclass(frozen=True)
class Landing:
    """Everything that landed: `<source>/<file>` in the landing folder and, if there is one, in object storage."""

    folder: Path
    remote: FetchedFiles | None = None

    def files(self, source: str, pattern: str) -> list[LandedFile]:
        """The files of a source that are like `pattern`, by name. Hidden ones are still being written by somebody."""
        place, remote = f"{source}/{pattern}", self.remote
        found: list[LandedFile] = [LocalFile(path) for path in self.folder.glob(place) if path.is_file()]
        if remote:
            found += [RemoteFile(file, remote) for file in remote.like(place)]
        return sorted(
            (file for file in found if not file.name.startswith(".")), key=lambda file: (file.name, str(file))
        )


@contextmanager
def open_landing(settings: Settings) -> Iterator[Landing]:
    """What landed, for as long as a run reads it; files fetched from object storage are gone afterwards."""
    if not settings.landing_url:
        yield Landing(settings.landing_dir)
        return
    with passing_folder(settings.quarantine_dir / ".fetched") as folder:
        remote = FetchedFiles(ObjectStorage(settings.landing_url), folder, settings.fetched_path)
        try:
            yield Landing(settings.landing_dir, remote)
        finally:
            remote.remember()


def landed_files(landing: Landing, table: SourceTable) -> list[LandedFile]:
    """The files of a table that landed, by name."""
    return landing.files(table.source_name, table.terms.files)


def find_unclaimed(landing: Landing, contracts: Iterable[Contract]) -> list[LandedFile]:
    """The landed files that no contract speaks of.

    Raises:
        ContractError: two tables of a source lay claim to one file.
    """
    claims: dict[LandedFile, str] = {}
    for table in (table for contract in contracts for table in contract.source_tables):
        for file in landed_files(landing, table):
            if file in claims:
                raise ContractError(
                    f"{file} is claimed by two tables, {claims[file]} and {table}. Make their `files` narrower."
                )
            claims[file] = str(table)
    return [file for file in landing.files("*", "*") if file not in claims]
