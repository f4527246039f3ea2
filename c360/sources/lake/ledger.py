"""What the warehouse is told about sources, as tables: what was promised, what came, and what became of it.

Everything is written anew from the contracts, the manifests and the quarantine, so a warehouse that was lost, or a run
that was killed in between, costs nothing but time.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from c360.core.errors import RowsUnaccounted
from c360.core.warehouse import Warehouse
from c360.sources.contracts.promised_columns import promised_columns
from c360.sources.lake.freshness import TableFreshness
from c360.sources.lake.lake import TableLake
from c360.sources.lake.quarantine import refused_rows
from c360.sources.lake.views import show_lake, view_name

_TEXT, _COUNT = pa.string(), pa.int64()
_FILES = pa.schema(
    [
        ("source_name", _TEXT),
        ("table_name", _TEXT),
        ("file_name", _TEXT),
        ("file_digest", _TEXT),
        ("load_date", pa.date32()),
        ("run_id", _TEXT),
        ("read_count", _COUNT),
        ("accepted_count", _COUNT),
        ("duplicate_count", _COUNT),
        ("quarantined_count", _COUNT),
        ("status", _TEXT),
        ("reason", _TEXT),
    ]
)
_FRESHNESS = pa.schema(
    [
        ("source_name", _TEXT),
        ("table_name", _TEXT),
        ("newest_event_at", pa.timestamp("us")),
        ("age_hours", pa.float64()),
        ("status", _TEXT),
    ]
)


def write_ledger(warehouse: Warehouse, engine: duckdb.DuckDBPyConnection, lakes: Sequence[TableLake]) -> None:
    """Give the warehouse one view per source table and the tables about contracts, files, quarantine and conflicts.

    `ingest_files` is written last: it tells the next run which files' keys have been compared.

    Raises:
        RowsUnaccounted: the rows in the lake or the quarantine are not those the accounts speak of.
    """
    show_lake(warehouse, engine, lakes)
    warehouse.write("source_columns", promised_columns([lake.table for lake in lakes]))
    _write_accounts(warehouse, lakes)
    _check_accounts(warehouse, lakes)


def write_freshness(warehouse: Warehouse, found: Iterable[TableFreshness]) -> None:
    """Write `pipeline.source_freshness`: one row per table whose contract promises a freshness."""
    rows = [
        {
            "source_name": one.lake.table.source_name,
            "table_name": one.lake.table.table_name,
            "newest_event_at": one.newest_event_at.replace(tzinfo=None) if one.newest_event_at else None,
            "age_hours": one.age_hours,
            "status": one.status,
        }
        for one in found
    ]
    warehouse.write("source_freshness", pa.Table.from_pylist(rows, _FRESHNESS))


def _write_accounts(warehouse: Warehouse, lakes: Sequence[TableLake]) -> None:
    """Write `pipeline.ingest_files` and `pipeline.quarantined_rows` anew from the manifests and the quarantine."""
    accounts = [(lake, account) for lake in lakes for account in lake.accounts().values()]
    rows = [account.model_dump(include=set(_FILES.names)) for _, account in accounts]
    files = pa.Table.from_pylist(rows, _FILES)
    paths = [lake.quarantine_path(one.file_digest, len(one.replays)) for lake, one in accounts if one.quarantined]
    warehouse.write("ingest_files", files)
    warehouse.write("quarantined_rows", _quarantined_rows(warehouse, [path for path in paths if path.exists()]))


def _quarantined_rows(warehouse: Warehouse, paths: list[Path]) -> pa.Table:
    return warehouse.arrow(f"""
        select files.source_name, files.table_name, files.file_name, file_digest, refused.line, refused.reason,
            refused.run_id, files.load_date
        from ({refused_rows(paths)}) as refused
        join pipeline.ingest_files as files using (source_name, table_name, file_digest)
        order by all
    """)


def _check_accounts(warehouse: Warehouse, lakes: Sequence[TableLake]) -> None:
    """Add up the files again, now from the warehouse, and count the rows they speak of."""
    unbalanced = warehouse.rows("""
        select source_name, table_name from pipeline.ingest_files
        group by all having sum(read_count) <> sum(accepted_count + duplicate_count + quarantined_count)
    """)
    faults = [
        f"{source}.{table}: rows read are not accepted + duplicates + quarantined" for source, table in unbalanced
    ]
    for lake in lakes:
        faults += _missing_rows(warehouse, lake)
    if faults:
        listed = "".join(f"\n  {fault}" for fault in faults)
        raise RowsUnaccounted(
            f"Rows are not where their accounts say:{listed}\nSomething changed the lake, the quarantine or the "
            "manifests from outside. Put the files back, or remove the table's folder of the lake, with its `_files`, "
            "so that what is in landing is loaded again."
        )


def _missing_rows(warehouse: Warehouse, lake: TableLake) -> list[str]:
    names = [lake.table.source_name, lake.table.table_name]
    [(accepted, quarantined)] = warehouse.rows(
        """
        select coalesce(sum(accepted_count), 0)::bigint, coalesce(sum(quarantined_count), 0)::bigint
        from pipeline.ingest_files where source_name = ? and table_name = ? and status = 'loaded'
        """,
        names,
    )
    [(in_lake,)] = warehouse.rows(f"select count(*) from {view_name(lake)}")
    [(in_quarantine,)] = warehouse.rows(
        """
        select count(*) from pipeline.quarantined_rows as refused
        join pipeline.ingest_files as files using (source_name, table_name, file_digest)
        where source_name = ? and table_name = ? and files.status = 'loaded'
        """,
        names,
    )
    found = {"accepted": (accepted, in_lake), "quarantined": (quarantined, in_quarantine)}
    return [
        f"{lake.table}: {counted} rows are accounted for as {what}, {there} are there"
        for what, (counted, there) in found.items()
        if counted != there
    ]
