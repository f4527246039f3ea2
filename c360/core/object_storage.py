"""Files in object storage, through fsspec: listed with what tells a change, and fetched whole or not at all."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from c360.core.errors import C360Error, ConfigurationError, ServiceMissing
from c360.core.files import appearing

_EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gcs", "gcs": "gcs"}
"""By the protocol of a URL: what to install."""
_TELLING = ("ETag", "etag", "generation", "md5Hash", "size", "LastModified", "updated", "mtime", "created", "ino")
"""What stores tell of a file that is different when its content is."""
# Each store's library has its own errors, and no two a parent in common.
_REFUSALS = (
    "PermissionError", "NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError",
    "TokenRetrievalError", "DefaultCredentialsError", "RefreshError",
)  # fmt: skip


@dataclass(frozen=True)
class StoredFile:
    """A file as its store lists it."""

    path: str
    """As the store names it."""
    name: str
    """The last part of its path."""
    folder: str
    """The part before, which in landing is the source."""
    size: int
    version: str
    """Everything the store tells that is different when the content is."""


@dataclass
class ObjectStorage:
    """A folder of files behind a URL.

    Args:
        url: `s3://bucket/prefix`, `gs://bucket/prefix` or any other that fsspec knows.
    """

    url: str
    _opened: Any = field(default=None, init=False, repr=False)

    def __str__(self) -> str:
        return re.sub(r"//[^/@]*@", "//", self.url)

    def glob(self, pattern: str) -> list[StoredFile]:
        """The files whose path below the URL is like `pattern`, by path.

        Raises:
            ConfigurationError: the URL, the bucket or the keys are wrong, or the library is not installed.
            ServiceMissing: the store cannot be reached.
        """
        with self._explained():
            store, root = self._open()
            store.invalidate_cache()
            found = store.glob(f"{root}/{pattern}", detail=True)
            if not found:
                self._check_bucket()
        return sorted((_stored(info) for info in found.values() if info["type"] == "file"), key=lambda file: file.path)

    def fetch(self, file: StoredFile, target: Path) -> None:
        """Copy a file to this machine, whole or not at all.

        Raises:
            C360Error: it is not what was listed.
            ConfigurationError: it is gone, or the keys do not open it.
            ServiceMissing: the store cannot be reached or stopped sending.
        """
        with appearing(target) as part:
            with self._explained():
                store, _ = self._open()
                store.get_file(file.path, str(part))
            if part.stat().st_size != file.size:
                raise ServiceMissing(
                    f"{file.path} came with {part.stat().st_size} bytes, but {file.size} were listed: it was replaced "
                    "meanwhile, or the store stopped sending. Run again."
                )

    def _open(self) -> tuple[Any, str]:
        if not self._opened:
            from fsspec.core import url_to_fs

            if "://" not in self.url:
                raise ConfigurationError(f"C360_LANDING_URL is {self}, which is no URL. Write s3://bucket/prefix.")
            logging.getLogger("gcsfs").setLevel(logging.CRITICAL)  # it would log what is raised, as a stack trace
            store, root = url_to_fs(self.url, skip_instance_cache=True, use_listings_cache=False)
            self._opened = (store, root.rstrip("/"))
        return self._opened  # type: ignore[no-any-return]

    def _check_bucket(self) -> None:
        """A bucket that is gone lists as empty; a prefix without files is simply not there."""
        store, root = self._open()
        bucket = root.split("/")[0] or root
        if not store.exists(bucket):
            raise FileNotFoundError(bucket)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except C360Error:
            raise
        except Exception as error:  # noqa: BLE001  every store has its own kinds; their messages may show keys
            raise self._error(error) from None

    def _error(self, error: Exception) -> C360Error:
        kind = type(error).__name__
        protocol = self.url.partition("://")[0]
        if isinstance(error, ImportError):
            extra = _EXTRAS.get(protocol)
            how = f"uv sync --extra {extra}" if extra else f"the library that fsspec names for {protocol}://"
            return ConfigurationError(f"C360_LANDING_URL is {self}, but what reads it is not installed. Install {how}.")
        if isinstance(error, ValueError) and protocol not in _EXTRAS:
            return ConfigurationError(
                f"C360_LANDING_URL is {self}, which fsspec cannot read. Write s3://bucket/prefix."
            )
        if isinstance(error, FileNotFoundError):
            return ConfigurationError(
                f"{self}: the bucket or a file that was listed is gone. Correct C360_LANDING_URL, or run again."
            )
        if kind in _REFUSALS or getattr(error, "code", None) in (401, 403) or str(error).startswith("Forbidden"):
            return ConfigurationError(
                f"{self}: the store refuses the keys it was given, or found none ({kind}). Set them where the store's "
                "library looks for them (AWS_ACCESS_KEY_ID, GOOGLE_APPLICATION_CREDENTIALS, …) and let them list and "
                "read."
            )
        return ServiceMissing(
            f"{self}: the store cannot be reached or stopped answering ({kind}). Nothing of the file on its way was "
            "kept. See whether the network and the store are up, and run again."
        )


def _stored(info: dict[str, Any]) -> StoredFile:
    path = PurePosixPath(info["name"])
    version = "; ".join(f"{fact}={info[fact]}" for fact in _TELLING if info.get(fact) is not None)
    return StoredFile(info["name"], path.name, path.parent.name, int(info["size"]), version)
