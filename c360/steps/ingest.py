"""Take landed files into the lake, account for every row, and show the lake to the warehouse."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from c360.core.errors import ContractError
from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.core.warehouse import Warehouse, engine_config, open_warehouse
from c360.privacy.hashing import file_digest
from c360.sources.accounts import FileAccount
from c360.sources.casting import literal, quoted
from c360.sources.contract import load_contracts
from c360.sources.lake import TableLake, make_private
from c360.sources.landing import find_unclaimed, landed_files
from c360.sources.load import TableLoad
from c360.sources.refusal import shown_names

_ACCOUNT_COLUMNS = pa.schema(
    [
        ("source_name", pa.string()),
        ("table_name", pa.string()),
        ("file_name", pa.string()),
        ("file_digest", pa.string()),
        ("load_date", pa.date32()),
        ("read_count", pa.int64()),
        ("accepted_count", pa.int64()),
        ("duplicate_count", pa.int64()),
        ("quarantined_count", pa.int64()),
        ("status", pa.string()),
        ("reason", pa.string()),
    ]
)
_NO_QUARANTINED_ROWS = """
    select null::varchar as source_name, null::varchar as table_name, null::varchar as file_digest,
        null::bigint as line, null::varchar as reason where false
"""


def ingest(run: RunContext) -> list[FileAccount]:
    """Load every landed file whose bytes are new, and give the account of each file in landing.

    Files are taken table by table and by name. Files with faults do not keep the others from being loaded, but they
    stop the run at the end.

    Raises:
        ContractError: a contract is wrong; a file is refused; or nothing was ever landed for a table that is not
            optional. Every problem is named, one a line.
        WarehouseLocked: another run is at work.
    """
    contracts = load_contracts(run.settings.contracts_dir)
    _warn_of_unclaimed(find_unclaimed(run.settings.landing_dir, contracts))
    lakes = [TableLake(run.settings, table) for contract in contracts for table in contract.source_tables]
    landed: list[FileAccount] = []
    problems: list[str] = []
    with open_warehouse(run.settings) as warehouse:
        with _private_engine(run.settings) as engine:
            for lake in lakes:
                accounts = _ingest_table(engine, lake, run)
                landed += {account.file_digest: account for account in accounts.values()}.values()
                problems += _problems(lake, accounts)
        _show_lake(warehouse, lakes)
        _write_accounts(warehouse, lakes)
    if problems:
        listed = "".join(f"\n  {problem}" for problem in problems)
        raise ContractError(f"Ingest found {len(problems)} problem(s); nothing after it runs:{listed}")
    return landed


def _ingest_table(engine: duckdb.DuckDBPyConnection, lake: TableLake, run: RunContext) -> dict[Path, FileAccount]:
    load, known = TableLoad(engine, lake, run.as_of), lake.accounts()
    accounts: dict[Path, FileAccount] = {}
    for path in landed_files(run.settings.landing_dir, lake.table):
        digest = file_digest(path)
        earlier = known.get(digest)
        if earlier and earlier.status == "loaded":
            get_logger().info("skipped_file", file=_shown(lake, path), reason=f"already loaded as {earlier.file_name}")
        else:
            known[digest] = load.load(path, digest, refused_on=earlier.load_date if earlier else None)
            _log_account(_shown(lake, path), known[digest])
        accounts[path] = known[digest]
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


def _problems(lake: TableLake, accounts: dict[Path, FileAccount]) -> list[str]:
    if not accounts and not lake.table.terms.optional and not lake.has_loaded_any():
        return [_nothing_landed(lake)]
    return [f"{_shown(lake, path)}: {account.explanation}" for path, account in accounts.items() if account.stops_run]


def _nothing_landed(lake: TableLake) -> str:
    table, settings = lake.table, lake.settings
    return (
        f"{settings.contracts_dir / table.source_name}.yml: no file {table.terms.files} of the table "
        f"{table.table_name} is in {settings.landing_dir / table.source_name}, and none was ever loaded. Land one "
        f"(owner: {table.owner}), or write `optional: true` if the shop can do without."
    )


def _warn_of_unclaimed(paths: list[Path]) -> None:
    for path in paths:
        get_logger().warning("ignored_file", file=f"{path.parent.name}/{path.name}", reason="no contract speaks of it")


def _shown(lake: TableLake, path: Path) -> str:
    return f"{lake.table.source_name}/{path.name}"


@contextmanager
def _private_engine(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in memory, so that no raw value gets into the warehouse file; it spills to quarantine."""
    spill = settings.quarantine_dir / ".spill"
    shutil.rmtree(spill, ignore_errors=True)
    make_private(spill, settings.quarantine_dir)
    try:
        with duckdb.connect(config=engine_config(settings) | {"temp_directory": str(spill)}) as engine:
            engine.execute("set timezone = 'UTC'; set enable_progress_bar = false")
            yield engine
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def _show_lake(warehouse: Warehouse, lakes: list[TableLake]) -> None:
    """Give the warehouse one view per source table, over the committed files."""
    warehouse.execute("create schema if not exists lake")
    for lake in lakes:
        view = quoted(f"{lake.table.source_name}__{lake.table.table_name}")
        warehouse.execute(f"create or replace view lake.{view} as {lake.relation()}")


def _write_accounts(warehouse: Warehouse, lakes: list[TableLake]) -> None:
    """Write `pipeline.ingest_files` and `pipeline.quarantined_rows` anew from the manifests and the quarantine."""
    accounts = [(lake, account) for lake in lakes for account in lake.accounts().values()]
    rows = [account.model_dump(include=set(_ACCOUNT_COLUMNS.names)) for _, account in accounts]
    warehouse.write("ingest_files", pa.Table.from_pylist(rows, _ACCOUNT_COLUMNS))
    paths = [lake.quarantine_path(account.file_digest) for lake, account in accounts if account.quarantined]
    warehouse.write("quarantined_rows", _quarantined_rows(warehouse, [path for path in paths if path.exists()]))


def _quarantined_rows(warehouse: Warehouse, paths: list[Path]) -> pa.Table:
    files = ", ".join(literal(str(path)) for path in paths)
    refused = f"read_parquet([{files}])" if paths else f"({_NO_QUARANTINED_ROWS})"
    return warehouse.arrow(f"""
        select files.source_name, files.table_name, files.file_name, refused.line, refused.reason, files.load_date
        from {refused} as refused
        join pipeline.ingest_files as files using (source_name, table_name, file_digest)
        order by all
    """)
