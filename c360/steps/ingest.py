"""Take landed files into the lake, account for every row, and show the lake to the warehouse."""

import duckdb

from c360.core.errors import ContractError
from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.warehouse import open_warehouse
from c360.sources.contracts.loading import load_contracts
from c360.sources.databases.extract import land_new_rows
from c360.sources.lake.accounts import FileAccount
from c360.sources.lake.freshness import TableFreshness, measure_freshness
from c360.sources.lake.lake import TableLake
from c360.sources.lake.ledger import write_freshness, write_ledger
from c360.sources.lake.load import TableLoad
from c360.sources.lake.private_engine import private_engine
from c360.sources.lake.type_changes import check_types
from c360.sources.landing import LandedFile, Landing, find_unclaimed, landed_files, open_landing
from c360.sources.reading.refusal import shown_names


def ingest(run: RunContext) -> list[FileAccount]:
    """Load every landed file whose bytes are new, and give the account of each file in landing.

    Files are taken table by table and by name. Files with faults do not keep the others from being loaded, but they
    stop the run at the end.

    Raises:
        ContractError: a contract is wrong, or narrows a type the lake has; a file is refused; nothing was ever landed
            for a table that is not optional; or the newest event of a table is older than its contract allows. Every
            problem is named, one a line.
        RowsUnaccounted: the rows in the lake or the quarantine are not those the accounts speak of.
        WarehouseLocked: another run is at work.
    """
    contracts = load_contracts(run.settings.contracts_dir)
    lakes = [TableLake(run.settings, table) for contract in contracts for table in contract.source_tables]
    landed: list[FileAccount] = []
    problems: list[str] = []
    with (
        open_warehouse(run.settings) as warehouse,
        open_landing(run.settings) as landing,
        private_engine(run.settings) as engine,
    ):
        for lake in lakes:
            check_types(engine, lake)
        land_new_rows(engine, run, [lake.table for lake in lakes])
        _warn_of_unclaimed(find_unclaimed(landing, contracts))
        for lake in lakes:
            accounts = _ingest_table(engine, lake, landing, run)
            landed += {account.file_digest: account for account in accounts.values()}.values()
            problems += _problems(lake, accounts)
        write_ledger(warehouse, engine, lakes)
        freshness = [found for lake in lakes if (found := measure_freshness(engine, lake, run.as_of))]
        write_freshness(warehouse, freshness)
    problems += _stale(freshness)
    if problems:
        listed = "".join(f"\n  {problem}" for problem in problems)
        raise ContractError(f"Ingest found {len(problems)} problem(s); nothing after it runs:{listed}")
    return landed


def _ingest_table(
    engine: duckdb.DuckDBPyConnection, lake: TableLake, landing: Landing, run: RunContext
) -> dict[LandedFile, FileAccount]:
    load, known = TableLoad(engine, lake, run.as_of, run.run_id), lake.accounts()
    accounts: dict[LandedFile, FileAccount] = {}
    for file in landed_files(landing, lake.table):
        digest = file.digest()
        earlier = known.get(digest)
        if earlier and earlier.status == "loaded":
            get_logger().info("skipped_file", file=_shown(lake, file), reason=f"already loaded as {earlier.file_name}")
        else:
            known[digest] = load.load(file.path(), digest, refused_on=earlier.load_date if earlier else None)
            _log_account(_shown(lake, file), known[digest])
        accounts[file] = known[digest]
    return accounts


def _log_account(file: str, account: FileAccount) -> None:
    log = get_logger()
    counts = {
        "read": account.read_count,
        "accepted": account.accepted_count,
        "duplicates": account.duplicate_count,
        "quarantined": account.quarantined_count,
    }
    if account.status == "refused":
        log.error("refused_file", file=file, **counts, reason=account.explanation)
    else:
        log.info("loaded_file", file=file, **counts)
    for reason, rows in account.quarantined.items():
        log.warning("quarantined_rows", file=file, reason=reason, rows=rows.count, lines=rows.lines)
    for reason, row_count in account.not_normalised.items():
        log.info("left_without_normal_form", file=file, reason=reason, rows=row_count)
    if account.unknown_columns:
        log.warning("ignored_columns", file=file, columns=shown_names(account.unknown_columns))


def _problems(lake: TableLake, accounts: dict[LandedFile, FileAccount]) -> list[str]:
    if not accounts and not lake.table.terms.optional and not lake.has_loaded_any():
        return [_nothing_landed(lake)]
    return [f"{_shown(lake, file)}: {account.explanation}" for file, account in accounts.items() if account.stops_run]


def _stale(freshness: list[TableFreshness]) -> list[str]:
    """Warn of what is older than it should be, and name what is too old to go on with."""
    for found in freshness:
        if found.status == "warn":
            get_logger().warning("stale_table", table=str(found.lake.table), reason=found.explanation)
    return [found.explanation for found in freshness if found.status == "error"]


def _nothing_landed(lake: TableLake) -> str:
    table, settings = lake.table, lake.settings
    return (
        f"{settings.contracts_dir / table.source_name}.yml: no file {table.terms.files} of the table "
        f"{table.table_name} is in {settings.landing_dir / table.source_name}, and none was ever loaded. Land one "
        f"(owner: {table.owner}), or write `optional: true` if the shop can do without."
    )


def _warn_of_unclaimed(files: list[LandedFile]) -> None:
    for file in files:
        get_logger().warning("ignored_file", file=f"{file.folder}/{file.name}", reason="no contract speaks of it")


def _shown(lake: TableLake, file: LandedFile) -> str:
    return f"{lake.table.source_name}/{file.name}"
