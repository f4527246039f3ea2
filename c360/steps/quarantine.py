"""What a person does with quarantine by hand: see what lies there, and have it judged again."""

from dataclasses import dataclass

import duckdb

from c360.core.errors import ConfigurationError
from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.core.warehouse import engine_config, open_warehouse
from c360.sources.contracts.loading import load_contracts
from c360.sources.lake.accounts import FileAccount
from c360.sources.lake.lake import TableLake
from c360.sources.lake.ledger import write_ledger
from c360.sources.lake.private_engine import private_engine
from c360.sources.lake.quarantine import refused_rows
from c360.sources.lake.replay import ReplayedFile, TableReplay
from c360.sources.lake.type_changes import check_types


@dataclass(frozen=True)
class Refused:
    """One refused row, or one refused file, by its place: never what it says."""

    source_name: str
    table_name: str
    file_name: str
    line: int | None
    """Where the row starts in the file; nothing when the file as a whole is refused."""
    reason: str
    run_id: str
    """The run that refused it for this reason."""


def refused(settings: Settings, source: str | None = None, reason: str | None = None) -> list[Refused]:
    """What lies in quarantine, by source, table, file and line. The warehouse is not needed for it.

    Raises:
        ConfigurationError: no contract is of `source`.
    """
    # No private engine: it may belong to a run that is at work, and only places are read here.
    with duckdb.connect(config=engine_config(settings)) as engine:
        found = [
            Refused(account.source_name, account.table_name, account.file_name, line, why, run_id)
            for lake in _of(source, _lakes(settings))
            for account in sorted(lake.accounts().values(), key=lambda account: account.file_name)
            for line, why, run_id in [*_refused_file(account), *_refused_rows(engine, lake, account)]
        ]
    return [one for one in found if reason in (None, one.reason)]


def replay(run: RunContext, source: str | None = None) -> list[ReplayedFile]:
    """Judge what lies in quarantine again under today's contracts, and take out what passes.

    Raises:
        ConfigurationError: no contract is of `source`, or one narrows a type the lake has.
        WarehouseLocked: a run is at work.
        RowsUnaccounted: the rows in the lake or the quarantine are not those the accounts speak of.
    """
    lakes = _lakes(run.settings)
    replayed = []
    with open_warehouse(run.settings) as warehouse, private_engine(run.settings) as engine:
        for lake in lakes:
            check_types(engine, lake)
        for lake in _of(source, lakes):
            for one in TableReplay(engine, lake, run.as_of, run.run_id).replay():
                _log(one)
                replayed.append(one)
        write_ledger(warehouse, engine, lakes)
    return replayed


def _lakes(settings: Settings) -> list[TableLake]:
    contracts = load_contracts(settings.contracts_dir)
    return [TableLake(settings, table) for contract in contracts for table in contract.source_tables]


def _of(source: str | None, lakes: list[TableLake]) -> list[TableLake]:
    chosen = [lake for lake in lakes if source in (None, lake.table.source_name)]
    if not chosen:
        known = ", ".join(sorted({lake.table.source_name for lake in lakes}))
        raise ConfigurationError(f"There is no source {source!r}. The sources with a contract are {known}.")
    return chosen


def _refused_file(account: FileAccount) -> list[tuple[int | None, str, str]]:
    return [(None, account.reason, account.run_id)] if account.status == "refused" else []


def _refused_rows(
    engine: duckdb.DuckDBPyConnection, lake: TableLake, account: FileAccount
) -> list[tuple[int | None, str, str]]:
    if not account.quarantined:
        return []
    path = lake.quarantined_path(account)
    return engine.execute(f"select line, reason, run_id from ({refused_rows([path])}) order by line").fetchall()


def _log(replayed: ReplayedFile) -> None:
    account = replayed.account
    get_logger().info(
        "replayed_file",
        file=f"{account.source_name}/{account.file_name}",
        accepted=replayed.accepted_count,
        duplicates=replayed.duplicate_count,
        still_quarantined={reason: rows.count for reason, rows in account.quarantined.items()},
    )
