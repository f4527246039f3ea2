"""Files in object storage reach the lake through the same readers as local ones, and are fetched once."""

import gzip
import json
import socket
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import fsspec
import pytest
from database_servers import free_port

from c360.core.errors import ConfigurationError, ServiceMissing
from c360.core.object_storage import ObjectStorage
from c360.core.run import RunContext, start_run
from c360.core.settings import Settings
from c360.core.warehouse import open_warehouse
from c360.sources.lake.accounts import FileAccount
from c360.sources.lake.load import TableLoad
from c360.steps.ingest import ingest

CONTRACT = """
source: till
description: Receipts of the shops' tills.
owner: stores-team
feeds: [order_lines]
tables:
  lines:
    description: One row per receipt line.
    files: lines_*.csv*
    format: csv
    key: [line_id]
    columns:
      line_id: {type: integer, required: true}
      amount: {type: decimal}
"""


@dataclass
class Store:
    """A place that holds landed files, and a deployment that reads it."""

    url: str
    folder: Path
    fetched: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return Settings(
            data_dir=self.folder / "data", contracts_dir=self.folder / "contracts", landing_url=f"{self.url}/landing"
        )

    def promise(self) -> None:
        path = self.folder / "contracts" / "till.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(CONTRACT).lstrip(), "utf-8")

    def land(self, name: str, *rows: tuple[int, str]) -> None:
        store, root = fsspec.url_to_fs(self.url, skip_instance_cache=True)
        text = "line_id,amount\n" + "".join(f"{number},{amount}\n" for number, amount in rows)
        content = gzip.compress(text.encode(), mtime=0) if name.endswith(".gz") else text.encode()
        store.pipe_file(f"{root}/landing/till/{name}", content)

    def ingest(self) -> list[FileAccount]:
        return ingest(RunContext(date(2026, 7, 1), "test", self.settings))

    def lake(self) -> list[tuple[Any, ...]]:
        with open_warehouse(self.settings) as warehouse:
            return warehouse.rows("select line_id, amount::integer from lake.till__lines order by all")


@pytest.fixture(scope="module")
def s3_port() -> Iterator[int]:
    """A stand-in for S3 that answers at a port of loopback."""
    moto = pytest.importorskip("moto.server", reason="the stand-in for S3 is not installed: uv sync")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Have the S3 library look for the stand-in at a port, with keys the stand-in takes."""

    def point_to(port: int) -> None:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key-of-the-shop")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "S3cret-of-the-shop")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        monkeypatch.setattr("s3fs.S3FileSystem.retries", 2)  # its patience is a minute

    return point_to


@pytest.fixture(params=["s3", "memory", "file"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, keys: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> Store:
    """An empty bucket of each kind."""
    name = f"shop-{abs(hash(str(tmp_path)))}"
    url = f"file://{tmp_path}/{name}" if request.param == "file" else f"{request.param}://{name}"
    if request.param == "s3":
        keys(request.getfixturevalue("s3_port"))
    fs, root = fsspec.url_to_fs(url, skip_instance_cache=True)
    fs.mkdir(root)
    if request.param != "s3":  # whose folders are only prefixes
        fs.mkdir(f"{root}/landing/till")
    return counting(Store(url, tmp_path), monkeypatch)


def counting(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Note what is fetched."""
    fetch = ObjectStorage.fetch

    def note(storage: ObjectStorage, file: Any, target: Path) -> None:
        store.fetched.append(file.name)
        fetch(storage, file, target)

    monkeypatch.setattr(ObjectStorage, "fetch", note)
    store.promise()
    return store


@pytest.fixture
def s3(s3_port: int, keys: Callable[[int], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A bucket of S3 with one file."""
    keys(s3_port)
    name = f"shop-{abs(hash(str(tmp_path)))}"
    fsspec.filesystem("s3", skip_instance_cache=True).mkdir(name)
    store = counting(Store(f"s3://{name}", tmp_path), monkeypatch)
    store.land("lines_2026-07-01.csv", *((number, "1") for number in range(5000)))
    return store


def test_files_are_read_from_any_store(store: Store) -> None:
    """Rows and accounts are those of the same files in the landing folder; local ones are read beside them."""
    local = store.settings.landing_dir / "till" / "lines_2026-06-29.csv"
    local.parent.mkdir(parents=True)
    local.write_text("line_id,amount\n0,0\n")
    store.land("lines_2026-06-30.csv", (1, "10"), (2, "20"))
    store.land("lines_2026-07-01.csv.gz", (2, "20"), (3, "x"), *((number, "1") for number in range(4, 40)))
    accounts = store.ingest()

    assert [(account.file_name, account.read_count, account.duplicate_count) for account in accounts] == [
        ("lines_2026-06-29.csv", 1, 0),
        ("lines_2026-06-30.csv", 2, 0),
        ("lines_2026-07-01.csv.gz", 38, 1),
    ]
    assert store.lake()[:3] == [(0, 0), (1, 10), (2, 20)]
    assert len(store.lake()) == 39
    assert start_run(store.settings).as_of == date(2026, 7, 1)


def test_unchanged_file_is_not_fetched_again(store: Store) -> None:
    """What a store tells of a file is remembered; new content is fetched, and known content loaded once."""
    store.land("lines_1.csv", (1, "10"))
    store.ingest()
    store.ingest()
    assert store.fetched == ["lines_1.csv"]
    store.land("lines_2.csv", (1, "10"))
    store.ingest()
    assert store.fetched == ["lines_1.csv", "lines_2.csv"]
    store.land("lines_1.csv", (1, "10"), (2, "20"))
    store.ingest()

    assert store.fetched == ["lines_1.csv", "lines_2.csv", "lines_1.csv"]
    assert store.lake() == [(1, 10), (2, 20)]


def test_lost_memory_costs_a_fetch_and_doubles_nothing(store: Store) -> None:
    """Files are known by their bytes; what was remembered of the store only saves the way."""
    store.land("lines_1.csv", (1, "10"))
    store.ingest()
    store.settings.fetched_path.unlink()
    store.ingest()

    assert store.fetched == ["lines_1.csv", "lines_1.csv"]
    assert store.lake() == [(1, 10)]


def test_fetched_file_is_private_and_gone_afterwards(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file at a time lies where only its owner may look, and none when the run is over."""
    load, seen = TableLoad.load, []

    def look(self: TableLoad, path: Path, *arguments: Any, **named: Any) -> FileAccount:
        seen.append((path.parent.stat().st_mode & 0o777, [found.name for found in path.parent.iterdir()]))
        return load(self, path, *arguments, **named)

    monkeypatch.setattr(TableLoad, "load", look)
    store.land("lines_1.csv", (1, "10"))
    store.land("lines_2.csv", (2, "20"))
    store.ingest()

    assert seen == [(0o700, ["lines_1.csv"]), (0o700, ["lines_2.csv"])]
    assert not (store.settings.quarantine_dir / ".fetched").exists()


def test_file_replaced_while_the_run_reads_it_is_not_taken_for_the_other(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that comes with other than the listed bytes stops the run before any row is loaded."""
    store.land("lines_1.csv", (1, "10"))
    glob = ObjectStorage.glob

    def replace_after_listing(storage: ObjectStorage, pattern: str) -> Any:
        found = glob(storage, pattern)
        store.land("lines_1.csv", (1, "10"), (2, "20"))
        return found

    monkeypatch.setattr(ObjectStorage, "glob", replace_after_listing)
    with pytest.raises(ServiceMissing, match="Run again"):
        store.ingest()
    monkeypatch.setattr(ObjectStorage, "glob", glob)
    store.ingest()

    assert store.lake() == [(1, 10), (2, 20)]


def test_fetched_file_is_there_whole_or_not_at_all(store: Store, tmp_path: Path) -> None:
    """What came with other than the listed bytes is not left behind under the file's name."""
    store.land("lines_1.csv", (1, "10"))
    storage, target = ObjectStorage(f"{store.url}/landing"), tmp_path / "fetched" / "lines_1.csv"
    [listed] = storage.glob("till/*")
    store.land("lines_1.csv", (1, "10"), (2, "20"))
    with pytest.raises(ServiceMissing, match="were listed"):
        storage.fetch(listed, target)

    assert list(target.parent.iterdir()) == []


def test_refused_file_is_tried_again(s3: Store) -> None:
    """A file whose bytes were refused is fetched for the next try, though its version is remembered."""
    s3.land("lines_2.csv", (1, "x"))
    for _ in range(2):
        with pytest.raises(ConfigurationError, match=r"not_decimal:amount"):
            s3.ingest()

    assert s3.fetched == ["lines_2.csv", "lines_2026-07-01.csv", "lines_2.csv"]


def test_bucket_that_is_gone_is_told(s3: Store) -> None:
    """A bucket nobody has lists as empty, and is no empty landing."""
    gone = Store(f"{s3.url}-gone", s3.folder)
    with pytest.raises(ConfigurationError, match=r"-gone/landing: the bucket .* is gone") as caught:
        gone.ingest()

    assert caught.value.exit_code == 2
    with pytest.raises(ConfigurationError, match=r"the bucket .* is gone"):
        start_run(gone.settings)


def test_empty_prefix_is_an_empty_landing(s3: Store, tmp_path: Path) -> None:
    """A bucket in which nothing landed yet says that the table's file is missing, not that the bucket is."""
    empty = Store(f"{s3.url}/elsewhere", tmp_path)
    with pytest.raises(ConfigurationError, match=r"no file lines_\*\.csv\* of the table"):
        empty.ingest()


def test_refused_keys_are_told_and_not_shown(s3: Store, s3_port: int) -> None:
    """Keys the store does not take are a fault of configuration; the message shows neither."""
    check_keys(s3_port, "0")
    try:
        with pytest.raises(ConfigurationError, match=r"refuses the keys") as caught:
            s3.ingest()
    finally:
        check_keys(s3_port, "inf")

    assert "of-the-shop" not in str(caught.value)


def check_keys(port: int, after: str) -> None:
    """Have the stand-in look at keys after so many requests."""
    urllib.request.urlopen(
        urllib.request.Request(
            f"http://127.0.0.1:{port}/moto-api/reset-auth",
            data=after.encode(),
            headers={"Content-Type": "text/plain"},
            method="POST",
        )
    )


def test_absent_keys_are_told(s3: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without keys anywhere, the message says where they are looked for."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(s3.folder / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(s3.folder / "none"))
    with pytest.raises(ConfigurationError, match=r"AWS_ACCESS_KEY_ID"):
        s3.ingest()


def test_store_that_is_down_is_a_missing_service(s3: Store, keys: Callable[[int], None]) -> None:
    """Nobody listens: exit 7, also when the run asks for the newest landed day."""
    keys(free_port())
    for attempt in (s3.ingest, lambda: start_run(s3.settings)):
        with pytest.raises(ServiceMissing, match=r"cannot be reached") as caught:
            attempt()

        assert caught.value.exit_code == 7


class CuttingProxy:
    """Passes bytes on to a port until an answer is long, lets go in its middle, and passes nothing any more."""

    def __init__(self, port: int, longest: int) -> None:
        self._target, self._longest, self._is_cut = port, longest, False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._is_cut:
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self._target))
            threading.Thread(target=self._pass, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, self._longest), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, longest: int | None) -> None:
        passed = 0
        try:
            while piece := source.recv(4096):
                passed += len(piece)
                if longest and passed > longest:
                    self._is_cut = True
                    break
                target.sendall(piece)
        except OSError:
            pass
        for end in (source, target):
            end.close()

    def close(self) -> None:
        self._listener.close()


def test_network_lost_in_the_middle_leaves_no_half_file(s3: Store, s3_port: int, keys: Callable[[int], None]) -> None:
    """A file that stops coming is not read as far as it came, and comes whole with the next run."""
    proxy = CuttingProxy(s3_port, longest=20_000)
    keys(proxy.port)
    with pytest.raises(ServiceMissing) as caught:
        s3.ingest()
    proxy.close()
    assert caught.value.exit_code == 7
    assert s3.fetched
    assert [path for path in s3.folder.rglob("*") if "lines_" in path.name] == []
    keys(s3_port)
    s3.ingest()

    assert len(s3.lake()) == 5000


def test_missing_library_says_what_to_install(s3: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The libraries of the stores are extras."""
    for library, protocol in (("s3fs", "s3"), ("gcsfs", "gs")):
        monkeypatch.setitem(sys.modules, library, None)
        monkeypatch.delitem(import_module("fsspec.registry")._registry, protocol, raising=False)
    for url, extra in ((s3.url, "s3"), ("gs://shop", "gcs")):
        with pytest.raises(ConfigurationError, match=rf"not installed\. Install uv sync --extra {extra}\b"):
            Store(url, s3.folder).ingest()


@pytest.mark.parametrize(("url", "words"), [("shop/landing", "is no URL"), ("nosuch://shop", "cannot read")])
def test_url_that_cannot_be_read_is_told(url: str, words: str) -> None:
    """What to write instead is said."""
    with pytest.raises(ConfigurationError, match=rf"{words}.*s3://bucket/prefix"):
        ObjectStorage(url).glob("*/*")


def test_password_in_a_url_is_not_shown() -> None:
    """Some stores take one there."""
    assert str(ObjectStorage("ftp://shop:S3cret@host/landing")) == "ftp://host/landing"


class GoogleStorage(BaseHTTPRequestHandler):
    """As much of Google's JSON API as listing and reading take, over the files of `files`."""

    files: dict[str, bytes]
    cut = False
    refusal = 0

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        parts, asked = [unquote(part) for part in url.path.strip("/").split("/")], parse_qs(url.query)
        if self.refusal:
            self._answer_json({"error": {"code": self.refusal, "message": "no"}}, self.refusal)
        elif asked.get("alt") == ["media"] or "download" in parts:
            self._answer_file(parts[-1])
        elif parts[-1] == "o":
            self._answer_list(asked.get("prefix", [""])[0], asked.get("delimiter", [""])[0])
        elif "o" in parts:
            name = parts[-1]
            self._answer_json(self._facts(name) if name in self.files else {}, 200 if name in self.files else 404)
        else:
            self._answer_json({"kind": "storage#bucket", "name": parts[-1]}, 200)

    def _answer_list(self, prefix: str, delimiter: str) -> None:
        names = [name for name in sorted(self.files) if name.startswith(prefix)]
        below = {name: name.removeprefix(prefix).split(delimiter)[0] if delimiter else name for name in names}
        items = [self._facts(name) for name in names if not delimiter or delimiter not in name.removeprefix(prefix)]
        folders = {f"{prefix}{below[name]}/" for name in names if delimiter and delimiter in name.removeprefix(prefix)}
        self._answer_json({"kind": "storage#objects", "items": items, "prefixes": sorted(folders)}, 200)

    def _facts(self, name: str) -> dict[str, str]:
        content = self.files[name]
        facts = {"generation": str(abs(hash(content))), "etag": str(abs(hash(content))), "size": str(len(content))}
        return {"kind": "storage#object", "bucket": "shop", "name": name, "contentType": "text/csv"} | facts

    def _answer_file(self, name: str) -> None:
        content = self.files[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if self.cut else content)
        self.close_connection = True

    def _answer_json(self, answer: dict[str, Any], status: int) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  http.server's name
        pass


async def _at_once(seconds: float) -> None:
    """Instead of waiting before the next try."""


@pytest.fixture
def google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Store, type[GoogleStorage]]]:
    """A bucket of Google's, played by a server on loopback."""
    pytest.importorskip("gcsfs", reason="Google's library is not installed: uv sync --extra gcs")
    handler = type("Handler", (GoogleStorage,), {"files": {}, "cut": False})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")
    monkeypatch.setattr("gcsfs.retry.asyncio", SimpleNamespace(sleep=_at_once))  # its patience is minutes
    yield counting(Store("gs://shop", tmp_path), monkeypatch), handler
    server.shutdown()
    server.server_close()


def test_google_storage_is_read_through_the_same_reader(google: tuple[Store, type[GoogleStorage]]) -> None:
    """Listed, fetched once, read; a file that is cut short is not taken."""
    store, server = google
    server.files["landing/till/lines_2026-07-01.csv"] = b"line_id,amount\n1,10\n"
    store.ingest()
    store.ingest()
    assert (store.fetched, store.lake()) == (["lines_2026-07-01.csv"], [(1, 10)])
    assert start_run(store.settings).as_of == date(2026, 7, 1)
    server.files["landing/till/lines_2026-07-02.csv"] = b"line_id,amount\n" + b"2,20\n" * 5000
    server.cut = True
    with pytest.raises(ServiceMissing):
        store.ingest()
    storage, target = ObjectStorage(f"{store.url}/landing"), store.folder / "fetched" / "lines.csv"
    with pytest.raises(ServiceMissing):
        storage.fetch(storage.glob("till/*")[-1], target)
    assert list(target.parent.iterdir()) == []
    server.cut = False
    store.ingest()

    assert store.lake() == [(1, 10), (2, 20)]


@pytest.mark.parametrize("status", [401, 403])
def test_keys_google_refuses_are_told(google: tuple[Store, type[GoogleStorage]], status: int) -> None:
    """Not known or not allowed: a fault of configuration."""
    store, server = google
    server.refusal = status
    with pytest.raises(ConfigurationError, match=r"GOOGLE_APPLICATION_CREDENTIALS"):
        store.ingest()


def test_bucket_google_does_not_have_is_told(google: tuple[Store, type[GoogleStorage]]) -> None:
    """It is no empty landing."""
    store, server = google
    server.refusal = 404
    with pytest.raises(ConfigurationError, match=r"the bucket .* is gone"):
        store.ingest()
