"""Tables of real databases, read by cursor, arrive in the lake as files do: nothing lost, nothing doubled."""

import gc
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from database_servers import PASSWORD, Server, free_port, running_server
from structlog.testing import capture_logs

from c360.core.errors import C360Error, ConfigurationError, ContractError, ServiceMissing
from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.core.warehouse import open_warehouse
from c360.sources.databases import extract
from c360.sources.lake.accounts import FileAccount
from c360.steps.ingest import ingest

CONTRACT = """
source: erp
description: The shop's back office.
owner: erp-team
purposes: [analytics]
feeds: [records]
tables:
  customers:
    description: One row per customer.
    database: {connection: erp, table: customers, cursor: updated_at}
    key: [customer_id]
    event_time: updated_at
    timezone: Europe/Paris
    columns:
      customer_id: {type: integer, required: true}
      name: {type: string, personal: name}
      spent: {type: decimal}
      is_vip: {type: boolean}
      born: {type: date}
      updated_at: {type: timestamp}
"""
TABLE = """
create table customers (
    customer_id bigint primary key, name varchar(1000), spent decimal(14, 4), is_vip boolean, born date,
    updated_at {moment}
)
"""
MOMENTS = {"postgresql": "timestamptz", "mysql": "timestamp(6) null"}
LOCAL_TIMES = {"postgresql": "timestamp", "mysql": "datetime(6)"}
DAY = date(2026, 7, 1)
ON_POSTGRESQL = pytest.mark.parametrize("server", ["postgresql"], indirect=True)
"""For what does not depend on the kind of server."""


@dataclass
class Erp:
    """A database of a running server, a contract about its table, and the history of that table as runs saw it."""

    kind: str
    server: Server
    folder: Path
    database: str
    seen: set[tuple[Any, ...]] = field(default_factory=set)

    @property
    def settings(self) -> Settings:
        return Settings(data_dir=self.folder / "data", contracts_dir=self.folder / "contracts")

    def promise(self, contract: str = CONTRACT) -> None:
        path = self.folder / "contracts" / "erp.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(contract).lstrip(), "utf-8")

    def run(self, *statements: str) -> None:
        self.server.run(self.database, *statements)

    def add(self, *rows: tuple[int, str, str | None]) -> None:
        """Insert customers: id, name, and when they were updated (UTC)."""
        for number, name, updated_at in rows:
            moment = f"'{updated_at}'" if updated_at else "null"
            self.run(f"insert into customers values ({number}, '{name}', 9.9, true, '1990-02-28', {moment})")

    def ingest(self, as_of: date = DAY) -> list[FileAccount]:
        self.seen |= set(self.server.rows(self.database, "select customer_id, name, updated_at from customers"))
        return ingest(RunContext(as_of, "test", self.settings))

    def landed(self) -> list[Path]:
        return sorted(path for path in self.settings.landing_dir.rglob("*") if path.is_file())

    def landed_names(self) -> list[str]:
        return [path.name for path in self.landed()]

    def lake(self, columns: str = "customer_id, name, updated_at") -> list[tuple[Any, ...]]:
        with open_warehouse(self.settings) as warehouse:
            return warehouse.rows(f"select {columns} from lake.erp__customers order by all")

    def history(self) -> list[tuple[Any, ...]]:
        """Every row that a run saw, with moments in UTC as the lake has them."""
        return sorted((number, name, _utc(moment)) for number, name, moment in self.seen)

    def files(self) -> dict[str, bytes]:
        """Everything that is kept between runs, with its bytes."""
        paths = [path for path in self.settings.data_dir.rglob("*") if path.is_file() and path.suffix != ".duckdb"]
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in paths}


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment and moment.tzinfo else moment


@pytest.fixture(scope="module", params=["postgresql", "mysql"])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, Server]]:
    """A server of each kind."""
    with running_server(request.param) as running:
        yield request.param, running


@pytest.fixture
def erp(server: tuple[str, Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Erp:
    """An empty table of customers under contract."""
    kind, running = server
    world = Erp(kind, running, tmp_path, running.new_database())
    monkeypatch.setenv("C360_CONNECTION_ERP", running.url(world.database))
    world.promise()
    world.run(TABLE.format(moment=MOMENTS[kind]))
    return world


def test_lake_holds_the_history_of_the_table_as_runs_saw_it(erp: Erp) -> None:
    """Inserts, updates, rows late at the same moment, deletions and restarts: each state seen is there once."""
    erp.add((1, "Zoé", "2026-06-30 10:00:00.123456"), (2, "Ali", "2026-06-30 11:00:00"))
    erp.ingest()
    erp.add((3, "Late at the same moment", "2026-06-30 11:00:00"), (4, "Mia", "2026-06-30 12:00:00"))
    erp.ingest(DAY + timedelta(days=1))
    erp.server.restart()
    erp.run(
        "update customers set name = 'Zoé B', updated_at = '2026-07-02 09:00:00' where customer_id = 1",
        "delete from customers where customer_id = 2",
    )
    erp.ingest(DAY + timedelta(days=2))
    accounts = erp.ingest(DAY + timedelta(days=3))

    assert erp.lake() == erp.history()
    assert [name for _, name, _ in erp.lake()] == ["Zoé", "Zoé B", "Ali", "Late at the same moment", "Mia"]
    assert all(account.is_balanced and not account.quarantined_count for account in accounts)
    assert erp.landed_names() == [
        "erp.customers_2026-07-01_000001.parquet",
        "erp.customers_2026-07-02_000002.parquet",
        "erp.customers_2026-07-03_000003.parquet",
    ]


def test_second_run_changes_nothing(erp: Erp) -> None:
    """Without a change in the table no file lands, the day after included, and no byte of the lake changes."""
    erp.add((1, "Zoé", "2026-06-30 10:00:00"), (2, "Ali", None))
    erp.ingest()
    before = erp.files()
    erp.ingest()
    erp.ingest(DAY + timedelta(days=1))

    assert len(erp.landed()) == 1
    assert erp.files() == before


def test_values_keep_their_exact_text(erp: Erp) -> None:
    """Decimals of any size, microseconds, NULL, empty and odd text, and the database's own types, as they are."""
    exact = {"postgresql": "numeric", "mysql": "decimal(40, 12)"}[erp.kind]
    erp.run(
        f"alter table customers add exact {exact}",
        "insert into customers values (9007199254740993, 'O''Brien \"\n漢字🙂', -0.1000, false, '1899-12-31', "
        "'2026-06-30 10:00:00.123456', 1234567890123456789012345678.000000000001)",
        "insert into customers values (2, '', null, null, null, null, null)",
    )
    erp.promise(CONTRACT + "      exact: {type: string}\n")
    erp.ingest()
    rows = pq.read_table(erp.landed()[0]).to_pylist()
    types = {found.name: found.metadata[b"database_type"].decode() for found in pq.read_schema(erp.landed()[0])}

    assert sorted(rows, key=lambda row: row["customer_id"]) == [
        {"customer_id": "2", "name": ""} | dict.fromkeys(("spent", "is_vip", "born", "updated_at", "exact")),
        {
            "customer_id": "9007199254740993",
            "name": "O'Brien \"\n漢字🙂",
            "spent": "-0.1000",
            "is_vip": {"postgresql": "false", "mysql": "0"}[erp.kind],
            "born": "1899-12-31",
            "updated_at": f"2026-06-30 10:00:00.123456{'+00' if erp.kind == 'postgresql' else '+00:00'}",
            "exact": "1234567890123456789012345678.000000000001",
        },
    ]
    assert (types["spent"], types["updated_at"]) == {
        "postgresql": ("numeric(14,4)", "timestamp with time zone"),
        "mysql": ("decimal(14,4)", "timestamp(6)"),
    }[erp.kind]


@ON_POSTGRESQL
def test_lake_has_the_contracts_types(erp: Erp) -> None:
    """The exact text is cast by contract, like a file's."""
    erp.add((1, "Zoé", "2026-06-30 10:00:00.123456"))
    erp.ingest()

    assert erp.lake("customer_id, spent, is_vip, born, updated_at") == [
        (1, Decimal("9.9000"), True, date(1990, 2, 28), datetime(2026, 6, 30, 10, 0, 0, 123456))  # noqa: DTZ001  UTC
    ]


def test_rows_without_cursor_value_are_not_lost(erp: Erp) -> None:
    """They come with every reading that has news, are said to, and are in the lake once."""
    erp.add((1, "Zoé", "2026-06-30 10:00:00"), (2, "No cursor", None))
    with capture_logs() as log:
        erp.ingest()
    erp.add((3, "No cursor either", None))
    erp.ingest()

    assert erp.lake() == erp.history()
    assert [name for _, name, _ in erp.lake()] == ["Zoé", "No cursor", "No cursor either"]
    assert [(event["rows"], event["reason"]) for event in log if event["event"] == "rows_read_every_time"] == [
        (1, "no cursor value")
    ]


@ON_POSTGRESQL
def test_empty_table_lands_its_columns_once(erp: Erp) -> None:
    """A table without rows is no fault, and its first row is seen when it comes."""
    erp.ingest()
    erp.ingest()
    assert len(erp.landed()) == 1
    erp.add((1, "Zoé", "2026-06-30 10:00:00"))
    erp.ingest()

    assert erp.lake() == erp.history() != []


@pytest.mark.parametrize("kind", ["integer", "date", "local time"])
def test_cursor_may_be_a_number_a_date_or_a_local_time(erp: Erp, kind: str) -> None:
    """Reading goes on where it stopped, with numbers by size and not by spelling."""
    column, values = {
        "integer": ("bigint", ("9", "10", "10", "11")),
        "date": ("date", ("'2026-06-09'", "'2026-06-10'", "'2026-06-10'", "'2026-06-11'")),
        "local time": (
            LOCAL_TIMES[erp.kind],
            ("'2026-06-09 09:00:00'", "'2026-06-10 10:00:00'", "'2026-06-10 10:00:00'", "'2026-06-10 10:00:00.000001'"),
        ),
    }[kind]
    cursor_type = {"integer": "integer", "date": "date", "local time": "timestamp"}[kind]
    erp.promise(CONTRACT.replace("cursor: updated_at", "cursor: changed") + f"      changed: {{type: {cursor_type}}}\n")
    erp.run(f"alter table customers add changed {column}")
    for number, value in enumerate(values):
        erp.run(f"insert into customers (customer_id, changed) values ({number}, {value})")
        erp.ingest()

    assert [number for (number,) in erp.lake("customer_id")] == [0, 1, 2, 3]
    assert [pq.read_metadata(path).num_rows for path in erp.landed()] == [1, 2, 2, 3]


def test_moments_are_utc_wherever_the_server_stands(erp: Erp) -> None:
    """The server's own zone changes no value and hides no row; a time without a zone is read in the contract's."""
    erp.run(f"alter table customers add local_time {LOCAL_TIMES[erp.kind]}")
    erp.promise(CONTRACT + "      local_time: {type: timestamp}\n")
    add = "insert into customers values ({0}, 'Zoé', 1, true, null, '2026-06-30 {0}:00:00', '2026-06-30 {0}:00:00')"
    west = {
        "postgresql": f"alter database {erp.database} set timezone = 'America/New_York'",
        "mysql": "set global time_zone = '-04:00'",
    }
    erp.run(add.format(10), west[erp.kind])
    try:
        erp.ingest()
        erp.run("set time zone 'UTC'" if erp.kind == "postgresql" else "do 0", add.format(11))
        erp.ingest()
    finally:
        if erp.kind == "mysql":
            erp.run("set global time_zone = 'SYSTEM'")
    found = [(updated_at.hour, local_time.hour) for updated_at, local_time in erp.lake("updated_at, local_time")]
    assert found == [(10, 8), (11, 9)]


@ON_POSTGRESQL
def test_wrong_future_value_hides_nothing(erp: Erp) -> None:
    """A row of 2037 is read every time and said to be, and the rows of the next days are still seen."""
    erp.add((1, "From the future", "2037-01-01 00:00:00"), (2, "Ali", "2026-06-30 10:00:00"))
    with capture_logs() as log:
        erp.ingest()
    erp.add((3, "Mia", "2026-06-30 11:00:00"))
    erp.ingest()

    assert erp.lake() == erp.history()
    assert len(erp.lake()) == 3
    assert [event["rows"] for event in log if event["event"] == "rows_read_every_time"] == [1]


@ON_POSTGRESQL
def test_overlap_sees_what_was_committed_late(erp: Erp) -> None:
    """A row that appears with an older cursor value is seen within the contract's overlap, and not without one."""
    erp.add((1, "Zoé", "2026-06-30 10:00:00"))
    erp.ingest()
    erp.add((2, "Committed late", "2026-06-30 09:59:00"))
    erp.ingest()
    assert [name for _, name, _ in erp.lake()] == ["Zoé"]
    erp.promise(CONTRACT.replace("cursor: updated_at", "cursor: updated_at, overlap: 60"))
    erp.ingest()

    assert [name for _, name, _ in erp.lake()] == ["Zoé", "Committed late"]


def test_new_column_meets_the_drift_policy(erp: Erp) -> None:
    """A column that the contract does not know is in the landed file, where the contract's policy finds it."""
    erp.add((1, "Zoé", "2026-06-30 10:00:00"))
    erp.ingest()
    erp.run("alter table customers add favourite_colour varchar(20)")

    with pytest.raises(ContractError, match=r"not in the contract: 'favourite_colour'"):
        erp.ingest()


@ON_POSTGRESQL
def test_column_that_is_gone_meets_the_drift_policy(erp: Erp) -> None:
    """A column that the contract promises and the table has no more is told, not filled in."""
    erp.add((1, "Zoé", "2026-06-30 10:00:00"))
    erp.run("alter table customers drop column born")

    with pytest.raises(ContractError, match=r"missing: 'born'"):
        erp.ingest()


@ON_POSTGRESQL
def test_lost_landing_is_read_again(erp: Erp) -> None:
    """Landing is all that is remembered: without it everything is read again, and dropped as seen before."""
    erp.add((1, "Zoé", "2026-06-30 10:00:00"), (2, "Ali", "2026-06-30 11:00:00"))
    erp.ingest()
    for path in erp.landed():
        path.unlink()
    erp.run("update customers set name = 'Ali B' where customer_id = 2")
    [account] = erp.ingest()

    assert (account.read_count, account.accepted_count, account.duplicate_count) == (2, 1, 1)


@ON_POSTGRESQL
def test_another_cursor_reads_from_the_beginning(erp: Erp) -> None:
    """How far one cursor was read says nothing about another."""
    erp.add((1, "Zoé", "2026-06-30 10:00:00"), (2, "Ali", "2026-06-30 11:00:00"))
    erp.ingest()
    erp.promise(CONTRACT.replace("cursor: updated_at", "cursor: customer_id"))
    erp.ingest()

    assert [pq.read_metadata(path).num_rows for path in erp.landed()] == [2, 2]
    assert erp.lake() == erp.history()


def test_names_that_are_keywords_or_upper_case_are_read(erp: Erp) -> None:
    """Table and columns are quoted, and a view can be read as well as a table."""
    quote = '"' if erp.kind == "postgresql" else "`"
    view = (
        f"create view {quote}Order{quote} as select customer_id as {quote}select{quote}, name as {quote}Näme x{quote}"
    )
    erp.run(f"{view}, updated_at as {quote}Updated{quote} from customers")
    erp.promise("""
        source: erp
        description: The shop's back office.
        owner: erp-team
        feeds: [records]
        tables:
          customers:
            description: One row per customer.
            database: {connection: erp, table: Order, cursor: updated_at}
            key: [customer_id]
            columns:
              customer_id: {type: integer, source_name: select}
              name: {type: string, source_name: Näme x}
              updated_at: {type: timestamp, source_name: Updated}
    """)
    for number in (1, 2):
        erp.add((number, "Zoé", f"2026-06-30 10:00:0{number}"))
        erp.ingest()

    assert erp.lake() == erp.history()


def fill(erp: Erp, rows: int) -> None:
    """Many wide customers at once, more than fits into the buffers between server and reader."""
    erp.run(
        """
        insert into customers (customer_id, name, updated_at)
        with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 1000)
        select n, repeat('x', 1000), '2026-06-30 10:00:00' from numbers
        """
    )
    for power in range((rows // 1000 - 1).bit_length()):
        erp.run(
            f"insert into customers (customer_id, name, updated_at) "
            f"select customer_id + {1000 * 2**power}, name, updated_at from customers"
        )


@ON_POSTGRESQL
def test_tables_with_names_alike_keep_apart(erp: Erp) -> None:
    """The files of `customers_old` are not those of `customers`, and how far each was read is its own."""
    terms = CONTRACT.split("tables:\n")[1].replace("customers", "customers_old")
    erp.promise(CONTRACT + terms)
    erp.run(TABLE.format(moment="timestamptz").replace("table customers", "table customers_old"))
    erp.run("insert into customers_old (customer_id, updated_at) values (7, '2026-06-30 23:00:00')")
    erp.add((1, "Zoé", "2026-06-30 10:00:00"))
    erp.ingest()
    erp.add((2, "Ali", "2026-06-30 11:00:00"))
    erp.ingest()

    assert erp.lake() == erp.history()
    assert erp.landed_names() == [
        "erp.customers_2026-07-01_000001.parquet",
        "erp.customers_2026-07-01_000002.parquet",
        "erp.customers_old_2026-07-01_000001.parquet",
    ]


@pytest.fixture
def during_reading(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Have something happen when the first batch of a reading has come."""

    def happen(deed: Callable[[], None]) -> None:
        see, is_done = extract.Progress.see, False

        def see_and_act(progress: extract.Progress, batch: Any) -> None:
            nonlocal is_done
            see(progress, batch)
            if not is_done:
                is_done = True
                deed()

        monkeypatch.setattr(extract.Progress, "see", see_and_act)

    return happen


def test_rows_that_change_while_being_read_are_seen_in_both_states(
    erp: Erp, during_reading: Callable[[Callable[[], None]], None]
) -> None:
    """One reading shows the table as of one moment; what changes meanwhile comes with the next."""
    fill(erp, 32_000)
    change = "update customers set name = 'changed', updated_at = '2026-06-30 11:00:00' where customer_id > 31000"
    during_reading(lambda: erp.run(change))
    erp.ingest()
    assert erp.lake("count(*), count(*) filter (name = 'changed')") == [(32_000, 0)]
    erp.ingest()

    assert erp.lake("count(*), count(*) filter (name = 'changed')") == [(33_000, 1000)]


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_server_lost_in_the_middle_leaves_nothing(
    erp: Erp, during_reading: Callable[[Callable[[], None]], None]
) -> None:
    """A connection that ends before the last row lands no file, and the next run reads all."""
    fill(erp, 32_000)
    during_reading(lambda: erp.server.cut_readers(erp.database))
    with pytest.raises(ServiceMissing, match="run again") as caught:
        erp.ingest()
    gc.collect()  # what is left of the connection must not complain
    assert caught.value.exit_code == 7
    assert erp.landed() == []
    erp.ingest()

    assert erp.lake("count(*)") == [(32_000,)]


KILLED = """
import os, signal
from datetime import date
from c360.core.run import start_run
from c360.core.settings import Settings
from c360.sources.{room} import {module}
def die(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)
{module}.{what} = die
from c360.steps.ingest import ingest
ingest(start_run(Settings(), date(2026, 7, 1)))
"""


@ON_POSTGRESQL
@pytest.mark.parametrize(
    ("room", "module", "what", "files"),
    [
        ("databases", "extract", "Progress.see", 0),
        ("databases", "extract", "Path.rename", 0),
        ("lake", "load", "TableLoad.load", 1),
    ],
    ids=["while reading", "before landing", "between landing and ingest"],
)
def test_kill_loses_and_doubles_nothing(erp: Erp, room: str, module: str, what: str, files: int) -> None:
    """Killed at any moment, a run leaves a whole file or none; the next run ends as if nothing had happened."""
    erp.add((1, "Zoé", "2026-06-30 10:00:00"), (2, "Ali", None))
    environment = {"C360_DATA_DIR": str(erp.settings.data_dir), "C360_CONTRACTS_DIR": str(erp.settings.contracts_dir)}
    killed = subprocess.run(
        [sys.executable, "-c", KILLED.format(room=room, module=module, what=what)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert len([path for path in erp.landed() if not path.name.startswith(".")]) == files
    erp.add((3, "Mia", "2026-06-30 11:00:00"))
    erp.ingest()

    assert erp.lake() == erp.history()
    assert [path.name for path in erp.landed() if path.name.startswith(".")] == []
    assert not (erp.settings.landing_dir / ".extract").exists()


@pytest.mark.parametrize(
    ("contract", "words"),
    [
        (CONTRACT.replace("table: customers", "table: clients"), "shows no table clients"),
        (CONTRACT.replace("updated_at", "changed_at"), "no column changed_at, the contract's cursor"),
        (CONTRACT.replace("name: {type: string, personal: name}", "name: {type: timestamp}").replace(
            "cursor: updated_at", "cursor: name"), "whose order may not be that of time"),
    ],
    ids=["table gone", "cursor gone", "cursor is text"],
)  # fmt: skip
def test_table_that_is_not_as_promised_is_told(erp: Erp, contract: str, words: str) -> None:
    """The message names the table, what is wrong with it and what to do."""
    erp.promise(contract)
    with pytest.raises(ContractError, match=words) as caught:
        erp.ingest()

    assert "erp.customers: " in str(caught.value)
    assert caught.value.exit_code == 2


def test_wrong_password_is_told_and_never_shown(erp: Erp, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a fault of configuration; the message names the variable and shows neither password."""
    monkeypatch.setenv("C360_CONNECTION_ERP", erp.server.url(erp.database, "Wr0ng-one"))
    with capture_logs() as log, pytest.raises(ConfigurationError, match="C360_CONNECTION_ERP") as caught:
        erp.ingest()

    assert_no_password(caught.value, log, "Wr0ng-one")


def test_unknown_database_is_told(erp: Erp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database the server does not have is a fault of configuration."""
    monkeypatch.setenv("C360_CONNECTION_ERP", erp.server.url("nowhere"))
    with pytest.raises(ConfigurationError, match="refuses the connection erp"):
        erp.ingest()


def test_table_one_may_not_read_is_told(erp: Erp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without rights is told so; MySQL and PostgreSQL differ in whether the table shows at all."""
    user = f"guest_{erp.database}"
    if erp.kind == "postgresql":
        erp.run(f"create user {user} password '{PASSWORD}'")
    else:
        erp.run("create table other (n int)", f"create user {user} identified by '{PASSWORD}'")
        erp.run(f"grant select on {erp.database}.other to {user}")
    url = erp.server.url(erp.database).replace("//c360:", f"//{user}:")
    monkeypatch.setenv("C360_CONNECTION_ERP", url)

    with pytest.raises(ConfigurationError, match=r"rights in C360_CONNECTION_ERP|the user may not see it"):
        erp.ingest()


def test_server_that_is_down_is_a_missing_service(erp: Erp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens: exit 7, with the connection's name and without its password."""
    url = erp.server.url(erp.database).replace(f":{erp.server.port}/", f":{free_port()}/")
    monkeypatch.setenv("C360_CONNECTION_ERP", url)
    with capture_logs() as log, pytest.raises(ServiceMissing, match="does not answer at the connection erp") as caught:
        erp.ingest()

    assert caught.value.exit_code == 7
    assert_no_password(caught.value, log, PASSWORD)


def test_reading_cannot_write(erp: Erp) -> None:
    """The session is read-only, so that no contract can change a source system."""
    from c360.sources.databases.connection import open_database

    with pytest.raises(C360Error), open_database(erp.settings, "erp") as database:
        list(database.batches("delete from customers"))


def assert_no_password(error: C360Error, log: list[Any], password: str) -> None:
    told = str(error) + repr(log) + repr(error.__cause__) + repr(Settings())
    assert "C360_CONNECTION_ERP" in told
    assert password not in told


CONNECTIONS = {
    "none": (None, r"The environment has no C360_CONNECTION_ERP"),
    "other database": ("oracle://c360:S3cret-of-the-shop@host/shop", r"begins neither with postgresql:// nor"),
    "unreadable": ("mysql://c360:S3cret-of-the-shop@host:port/shop", r"is no URL"),
    "unknown option": ("mysql://c360:S3cret-of-the-shop@host/shop?compress=1", r"option 'compress'"),
}


@pytest.mark.parametrize(("url", "words"), CONNECTIONS.values(), ids=CONNECTIONS)
def test_connection_that_cannot_be_used_is_told(
    url: str | None, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong with the variable is said, and the URL is not."""
    from c360.sources.databases.connection import open_database

    monkeypatch.delenv("C360_CONNECTION_ERP", raising=False)
    if url:
        monkeypatch.setenv("C360_CONNECTION_ERP", url)
    with pytest.raises(ConfigurationError, match=words) as caught, open_database(Settings(data_dir=tmp_path), "erp"):
        pass

    assert_no_password(caught.value, [], PASSWORD)


@pytest.mark.parametrize(("scheme", "driver"), [("postgresql", "adbc_driver_postgresql"), ("mysql", "pymysql")])
def test_missing_driver_says_what_to_install(scheme: str, driver: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The drivers are an extra."""
    from c360.sources.databases.connection import open_database

    monkeypatch.setenv("C360_CONNECTION_ERP", f"{scheme}://user:password@host/shop")
    monkeypatch.setitem(sys.modules, driver, None)
    monkeypatch.delitem(sys.modules, f"c360.sources.databases.{scheme}", raising=False)
    with pytest.raises(ConfigurationError, match=r"uv sync --extra databases"):
        open_database(Settings(), "erp")


def test_numbers_compare_beyond_sixty_four_bits() -> None:
    """An unsigned cursor of MySQL may be greater than any signed one."""
    with duckdb.connect() as engine:
        progress = extract.Progress(engine, "try_cast(n as HUGEINT)", "n", "true", "integer", "9")
        for value in ("18446744073709551615", "10", None):
            progress.see(extract.pa.record_batch([extract.pa.array([value], extract.pa.string())], ["n"]))

    assert (progress.read_to, progress.without_cursor) == ("18446744073709551615", 1)
