"""Real database servers that tests start on loopback, each in a folder of its own, and stop again."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest

USER, PASSWORD = "c360", "S3cret-of-the-shop"
START_SECONDS = 60
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/usr/sbin", "/usr/local/sbin", "/usr/libexec")
_numbers = count(1)


class Server(Protocol):
    """A running server."""

    port: int

    def new_database(self) -> str:
        """Create a database and give its name."""

    def url(self, database: str, password: str = PASSWORD) -> str:
        """The URL by which c360 connects to a database."""

    def run(self, database: str, *statements: str) -> None:
        """Carry out statements, each in a transaction of its own."""

    def rows(self, database: str, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""

    def cut_readers(self, database: str) -> None:
        """End every other connection to a database, as a restart of the server would."""

    def restart(self) -> None:
        """Stop the server and start it again."""


def find_binary(*names: str) -> str | None:
    """The newest program of one of these names, on the path or where distributions put servers."""
    for name in names:
        if found := shutil.which(name):
            return found
        if places := sorted(path for place in _PLACES for path in Path("/").glob(f"{place[1:]}/{name}")):
            return str(places[-1])
    return None


@dataclass
class _Process:
    """A server's process, run by a user who is not root: servers refuse to run as root."""

    command: list[str]
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, cwd=self.log.parent, **_as_nobody())

    def stop(self, how: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(START_SECONDS)
            self.process = None

    def wait_until(self, is_ready: Any) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_ready():
            if time.monotonic() > deadline or (self.process and self.process.poll() is not None):
                pytest.fail(f"{self.command[0]} did not start:\n{self.log.read_text('utf-8', 'replace')[-2000:]}")
            time.sleep(0.1)


class PostgreSQLServer:
    """PostgreSQL with password authentication."""

    def __init__(self, folder: Path, binary: str) -> None:
        self.port = free_port()
        secret = folder / "password"
        secret.write_text(PASSWORD)
        data = folder / "data"
        initdb = [str(Path(binary).with_name("initdb")), f"--pgdata={data}", f"--username={USER}", "--encoding=UTF8"]
        _run([*initdb, "--auth=scram-sha-256", f"--pwfile={secret}", "--locale=C", "--no-sync"], folder)
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": folder,
            "fsync": "off",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._process = _Process([binary, "-D", str(data), *options], self.port, folder / "log")
        self._start()

    def _start(self) -> None:
        self._process.start()
        self._process.wait_until(self._is_ready)

    def _is_ready(self) -> bool:
        from adbc_driver_postgresql import dbapi

        try:
            with self._connect("postgres"):
                return True
        except dbapi.Error:
            return False

    def _connect(self, database: str) -> Any:
        from adbc_driver_postgresql import dbapi

        return dbapi.connect(self.url(database), autocommit=True)

    def url(self, database: str, password: str = PASSWORD) -> str:
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        name = f"shop_{next(_numbers)}"
        self.run("postgres", f"create database {name}")
        return name

    def run(self, database: str, *statements: str) -> None:
        with self._connect(database) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def rows(self, database: str, query: str) -> list[tuple[Any, ...]]:
        with self._connect(database) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def cut_readers(self, database: str) -> None:
        readers = f"pg_stat_activity where datname = '{database}' and pid <> pg_backend_pid()"
        assert self.rows(database, f"select pg_terminate_backend(pid) from {readers}")

    def restart(self) -> None:
        self.stop()
        self._start()

    def stop(self) -> None:
        self._process.stop(signal.SIGINT)  # a fast shutdown; SIGTERM would wait for clients


class MySQLServer:
    """MySQL or MariaDB, whichever is installed."""

    def __init__(self, folder: Path, binary: str) -> None:
        self.port = free_port()
        data = folder / "data"
        version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout
        if "MariaDB" in version:
            install = find_binary("mariadb-install-db", "mysql_install_db")
            if not (install and find_binary("my_print_defaults")):
                pytest.skip("MariaDB is here without mariadb-install-db or my_print_defaults (mariadb-client-core)")
            data.mkdir()
            _give_to_nobody(data)
            options = ["--auth-root-authentication-method=normal", "--skip-test-db"]
            _run([install, "--no-defaults", f"--datadir={data}", *options], folder)
        else:
            _run([binary, "--no-defaults", f"--datadir={data}", "--initialize-insecure"], folder)
        command = [binary, "--no-defaults", f"--datadir={data}", f"--port={self.port}", "--bind-address=127.0.0.1"]
        command += [
            f"--socket={folder / 'socket'}",
            f"--pid-file={folder / 'pid'}",
            "--innodb-flush-log-at-trx-commit=0",
        ]
        self._process = _Process(command, self.port, folder / "log")
        self._start()
        self._run_as_root(
            f"create user '{USER}'@'%' identified by '{PASSWORD}'",
            f"grant all on *.* to '{USER}'@'%' with grant option",
        )

    def _start(self) -> None:
        self._process.start()
        self._process.wait_until(self._is_ready)

    def _is_ready(self) -> bool:
        import pymysql

        try:
            self._run_as_root("select 1")
        except pymysql.MySQLError:
            return False
        return True

    def _run_as_root(self, *statements: str) -> None:
        import pymysql

        with pymysql.connect(host="127.0.0.1", port=self.port, user="root") as connection:
            for statement in statements:
                connection.cursor().execute(statement)

    def _connect(self, database: str) -> Any:
        import pymysql

        return pymysql.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=PASSWORD,
            database=database,
            autocommit=True,
            init_command="set time_zone = '+00:00'",
        )

    def url(self, database: str, password: str = PASSWORD) -> str:
        return f"mysql://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        name = f"shop_{next(_numbers)}"
        self.run("mysql", f"create database {name} character set utf8mb4")
        return name

    def run(self, database: str, *statements: str) -> None:
        with self._connect(database) as connection:
            for statement in statements:
                connection.cursor().execute(statement)

    def rows(self, database: str, query: str) -> list[tuple[Any, ...]]:
        with self._connect(database) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def cut_readers(self, database: str) -> None:
        listed = f"information_schema.processlist where db = '{database}' and id <> connection_id()"
        readers = self.rows(database, f"select id from {listed}")
        assert readers
        self.run(database, *(f"kill {reader}" for (reader,) in readers))

    def restart(self) -> None:
        self.stop()
        self._start()

    def stop(self) -> None:
        self._process.stop(signal.SIGTERM)


@contextmanager
def running_server(kind: str) -> Iterator[Server]:
    """A fresh server of a kind, `postgresql` or `mysql`; the test is skipped where no program of one is found."""
    binary = find_binary("postgres") if kind == "postgresql" else find_binary("mysqld", "mariadbd")
    if not binary:
        pytest.skip(f"no {kind} server is installed here: no program was found to start one; .ci/run installs it")
    folder = Path(tempfile.mkdtemp(prefix=f"c360-{kind}-"))  # pytest's own folders may be entered by their owner only
    _give_to_nobody(folder)
    server = PostgreSQLServer(folder, binary) if kind == "postgresql" else MySQLServer(folder, binary)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **_as_nobody())
    assert done.returncode == 0, done.stdout + done.stderr


def _as_nobody() -> dict[str, Any]:
    group = pwd.getpwnam("nobody").pw_gid
    return {"user": "nobody", "group": group, "extra_groups": []} if os.geteuid() == 0 else {}


def _give_to_nobody(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", pwd.getpwnam("nobody").pw_gid)
