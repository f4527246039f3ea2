"""How fast a landed file gets into the lake, against plain DuckDB: `python benchmarks/ingest.py`.

For each format the same file is taken in by c360 (digest, line numbers, types by contract, duplicates, quarantine,
account) and by DuckDB alone: one COPY that reads it with the same declared types and extractions and writes the same
Parquet. The latter is the limit: it proves nothing and keeps no account. Every measurement has a process of its
own, and the two alternate, so that a busy machine slows both. What a run pays once, however many files it loads, is
the import of its modules: it is measured apart, and both load the file with everything imported.
"""

import argparse
import importlib
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

THREADS = 2
RECEIPT_COLUMNS = {
    "receipt_id": "string", "line_number": "integer", "store_id": "string", "sold_at": "timestamp",
    "loyalty_number": "string", "sku": "string", "category": "string", "quantity": "integer", "line_amount": "decimal",
    "currency_code": "string",
}  # fmt: skip
SQL_TYPES = {"string": "VARCHAR", "integer": "BIGINT", "decimal": "DECIMAL(18,4)", "timestamp": "TIMESTAMP"}
EVENT_COLUMNS = {
    "event_timestamp": "timestamp", "event_name": "string", "event_bundle_sequence_id": "integer",
    "batch_event_index": "integer", "user_id": "string", "user_pseudo_id": "string", "stream_id": "string",
    "platform": "string", "items": "json", "event_params": "json",
}  # fmt: skip
PICKED = {
    "session_id": ("integer", "ga_session_id", "int_value"),
    "page_location": ("string", "page_location", "string_value"),
    "search_term": ("string", "search_term", "string_value"),
}
NESTED = {
    "gclid": ("collected_traffic_source", "gclid"),
    "campaign_name": ("collected_traffic_source", "manual_campaign_name"),
    "traffic_source": ("traffic_source", "source"),
    "traffic_medium": ("traffic_source", "medium"),
    "device_category": ("device", "category"),
    "country": ("geo", "country"),
    "ads_storage": ("privacy_info", "ads_storage"),
}


@dataclass(frozen=True)
class Case:
    """One kind of file: how to write it, its contract, and what DuckDB alone does with it."""

    file: str
    rows: int
    write: Callable[[duckdb.DuckDBPyConnection, int, Path], None]
    table: dict[str, object]
    plain: Callable[[Path], str]


def receipts(rows: int) -> str:
    """SQL for receipt lines."""
    return f"""
        select 'R' || lpad((i // 3)::varchar, 9, '0') as receipt_id, i % 3 + 1 as line_number,
            'S' || lpad((hash(i // 3) % 200)::varchar, 3, '0') as store_id,
            strftime(timestamp '2024-07-01 08:00:00' + to_seconds((i // 3) * 75 % 60000000), '%Y-%m-%d %H:%M:%S')
                as sold_at,
            case when hash(i // 3, 1) % 3 = 0 then 'L' || lpad((hash(i // 3, 2) % 50000)::varchar, 8, '0') end
                as loyalty_number,
            'SKU-' || lpad((hash(i, 3) % 5000)::varchar, 5, '0') as sku,
            ['maison', 'mode', 'sport', 'jardin', 'beauté'][1 + (hash(i, 4) % 5)::int] as category,
            1 + (hash(i, 5) % 4)::bigint as quantity,
            ((hash(i, 6) % 20000) / 100)::decimal(18, 4) as line_amount, 'EUR' as currency_code
        from range({rows}) as numbers(i)
    """


def events(rows: int) -> str:
    """SQL for events as Google Analytics exports them."""
    nothing = "'string_value': null::varchar, 'int_value': null::bigint, 'float_value': null::double"
    number = "'string_value': null::varchar, 'int_value': ({})::bigint, 'float_value': null::double"
    text = "'string_value': {}::varchar, 'int_value': null::bigint, 'float_value': null::double"
    params = {
        "ga_session_id": number.format("1700000000 + i // 7"),
        "page_location": text.format("'https://shop.example/p/' || (hash(i, 2) % 5000) || '?utm_source=x'"),
        "page_title": text.format("'Produit n° ' || (hash(i, 2) % 5000)"),
        "ga_session_number": number.format("hash(i // 7, 8) % 9"),
        "engagement_time_msec": number.format("hash(i, 9) % 90000"),
        "page_referrer": nothing,
        "search_term": text.format("case when hash(i, 1) % 4 = 2 then 'lampe' end"),
    }
    listed = ", ".join(f"{{'key': '{key}', 'value': {{{value}}}}}" for key, value in params.items())
    item = (
        "'item_id': 'SKU-' || (hash(i, 2) % 5000), 'item_name': 'Lampe', 'price': 19.9::double, 'quantity': 1::bigint"
    )
    return f"""
        select 1780272000000000 + i * 800000 + i % 1000 as event_timestamp,
            ['page_view', 'view_item', 'search', 'add_to_cart'][1 + (hash(i, 1) % 4)::int] as event_name,
            [{listed}] as event_params, i % 5 as event_bundle_sequence_id, i % 11 as batch_event_index,
            case when hash(i // 7, 3) % 4 = 0 then 'U' || (hash(i // 7, 4) % 50000) end as user_id,
            (hash(i // 7, 5) % 1000000000) || '.' || (1700000000 + i // 7) as user_pseudo_id,
            {{'category': ['mobile', 'desktop'][1 + (hash(i // 7, 6) % 2)::int], 'language': 'fr-fr'}} as device,
            {{'city': 'Lyon', 'country': 'France', 'region': 'Auvergne-Rhône-Alpes'}} as geo,
            {{'name': '(direct)', 'medium': '(none)', 'source': '(direct)'}} as traffic_source,
            {{'gclid': null::varchar, 'manual_campaign_name': 'spring'}} as collected_traffic_source,
            {{'ads_storage': 'Yes', 'analytics_storage': 'Yes'}} as privacy_info,
            '123456' as stream_id, 'WEB' as platform,
            case when hash(i, 1) % 4 in (1, 3) then [{{{item}}}] else [] end as items
        from range({rows}) as numbers(i)
    """


def write(query: Callable[[int], str], options: str) -> Callable[[duckdb.DuckDBPyConnection, int, Path], None]:
    """How a file is written from a query."""

    def written(engine: duckdb.DuckDBPyConnection, rows: int, path: Path) -> None:
        engine.execute(f"copy ({query(rows)}) to '{path}' ({options})")

    return written


def big_query_events(rows: int) -> str:
    """The events as BigQuery writes them to JSON: 64-bit integers are strings."""
    whole = ("event_timestamp", "event_bundle_sequence_id", "batch_event_index")
    return f"select * replace ({', '.join(f'{name}::varchar as {name}' for name in whole)}) from ({events(rows)})"


RECEIPT_TABLE = {
    "description": "One row per receipt line.",
    "files": "*",
    "key": ["receipt_id", "line_number"],
    "columns": {name: {"type": column_type} for name, column_type in RECEIPT_COLUMNS.items()},
}
EVENT_TABLE = {
    "description": "One row per event.",
    "files": "*",
    "key": ["user_pseudo_id", "event_timestamp"],
    "columns": {name: {"type": column_type} for name, column_type in EVENT_COLUMNS.items()}
    | {
        name: {"type": column_type, "source_name": f"$.event_params[key={key}].value.{field}"}
        for name, (column_type, key, field) in PICKED.items()
    }
    | {name: {"type": "string", "source_name": f"$.{outer}.{inner}"} for name, (outer, inner) in NESTED.items()},
}


def plain_csv(path: Path) -> str:
    """DuckDB's own reading of receipt lines as CSV."""
    columns = ", ".join(f"'{name}': '{SQL_TYPES[column_type]}'" for name, column_type in RECEIPT_COLUMNS.items())
    return f"from read_csv('{path}', auto_detect = false, header = true, columns = {{{columns}}})"


def plain_parquet(path: Path) -> str:
    """DuckDB's own reading of receipt lines as Parquet."""
    return f"select * replace (sold_at::timestamp as sold_at) from read_parquet('{path}')"


def plain_events(relation: str, params: str, as_json: str) -> str:
    """DuckDB's own reading of events."""
    columns = ", ".join(name for name in EVENT_COLUMNS if name not in ("event_timestamp", "items", "event_params"))
    picked = ", ".join(
        f"list_filter({params}, lambda p: p.key = '{key}')[1].value.{field}{'::bigint' if kind == 'integer' else ''}"
        f" as {name}"
        for name, (kind, key, field) in PICKED.items()
    )
    nested = ", ".join(f"{outer}.{inner} as {name}" for name, (outer, inner) in NESTED.items())
    return f"""
        select make_timestamp(event_timestamp) as event_timestamp, {columns}, {picked}, {nested},
            {as_json.format("items")} as items, {as_json.format("event_params")} as event_params
        from {relation}
    """


def plain_json_events(path: Path) -> str:
    """The fastest way found: the nested list stays text, and what is asked for is taken from that text."""
    outer: dict[str, list[str]] = {}
    for name, inner in NESTED.values():
        outer.setdefault(name, []).append(inner)
    structs = ", ".join(
        f"{name}: 'STRUCT({', '.join(f'{inner} VARCHAR' for inner in fields)})'" for name, fields in outer.items()
    )
    types = SQL_TYPES | {"timestamp": "BIGINT", "json": "JSON"}
    columns = ", ".join(f"{name}: '{types[column_type]}'" for name, column_type in EVENT_COLUMNS.items())
    shape = '[{"key":"VARCHAR","value":{"string_value":"VARCHAR","int_value":"VARCHAR"}}]'
    relation = f"""(
        select *, from_json(event_params, '{shape}') as params
        from read_json('{path}', format = 'newline_delimited', columns = {{{columns}, {structs}}})
    )"""
    return plain_events(relation, "params", "{}::VARCHAR")


def plain_parquet_events(path: Path) -> str:
    """DuckDB's own reading of nested Parquet."""
    return plain_events(f"read_parquet('{path}')", "event_params", "to_json({})::VARCHAR")


CASES = {
    "CSV": Case("lines.csv", 4_000_000, write(receipts, "format csv, header"), RECEIPT_TABLE, plain_csv),
    "CSV, gzip": Case(
        "lines.csv.gz", 4_000_000, write(receipts, "format csv, header, compression gzip"), RECEIPT_TABLE, plain_csv
    ),
    "Parquet, flat": Case(
        "lines.parquet",
        4_000_000,
        write(
            lambda rows: f"select * replace (sold_at::timestamp as sold_at) from ({receipts(rows)})", "format parquet"
        ),
        RECEIPT_TABLE,
        plain_parquet,
    ),
    "Parquet, nested": Case(
        "events.parquet", 400_000, write(events, "format parquet"), EVENT_TABLE, plain_parquet_events
    ),
    "JSON lines, nested": Case(
        "events.jsonl", 400_000, write(big_query_events, "format json"), EVENT_TABLE, plain_json_events
    ),
}


@dataclass(frozen=True)
class Figure:
    """One measurement."""

    seconds: float
    cpu_seconds: float
    peak_megabytes: float
    start_seconds: float
    """To import what `c360 ingest` needs, beyond DuckDB itself."""


def measure_here(name: str, how: str, path: Path) -> None:
    """Run one measurement in this process and print it."""
    imported = time.perf_counter()
    importlib.import_module("c360.steps.ingest")
    start_seconds = time.perf_counter() - imported
    folder = Path(tempfile.mkdtemp(dir=path.parent))
    started, cpu_started = time.perf_counter(), time.process_time()
    try:
        {"c360": ingest_with_c360, "duckdb": copy_with_duckdb}[how](CASES[name], path, folder)
        figure = {
            "seconds": time.perf_counter() - started,
            "cpu_seconds": time.process_time() - cpu_started,
            "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "start_seconds": start_seconds,
        }
    finally:
        shutil.rmtree(folder)
    sys.stdout.write(json.dumps(figure))


def ingest_with_c360(case: Case, path: Path, folder: Path) -> None:
    """Everything `c360 ingest` does with one landed file."""
    from c360.core.settings import Settings
    from c360.core.warehouse import engine_config
    from c360.privacy.hashing import file_digest
    from c360.sources.contracts.contract import SourceTable, Table
    from c360.sources.lake.lake import TableLake
    from c360.sources.lake.load import TableLoad

    settings = Settings(data_dir=folder, warehouse_threads=THREADS)
    lake = TableLake(settings, SourceTable("shop", "rows", "benchmark", Table.model_validate(case.table)))
    with duckdb.connect(config=engine_config(settings)) as engine:
        engine.execute("set timezone = 'UTC'; set enable_progress_bar = false")
        account = TableLoad(engine, lake, date(2026, 7, 1)).load(path, file_digest(path))
    if account.status != "loaded" or account.accepted_count != account.read_count:
        raise SystemExit(f"not every row was accepted: {account}")


def copy_with_duckdb(case: Case, path: Path, folder: Path) -> None:
    """The limit."""
    with duckdb.connect(config={"threads": THREADS}) as engine:
        engine.execute("set timezone = 'UTC'; set enable_progress_bar = false")
        engine.execute(f"copy ({case.plain(path)}) to '{folder / 'rows.parquet'}' (format parquet, compression zstd)")


def measure(name: str, how: str, path: Path) -> Figure:
    """Run one measurement in a process of its own."""
    command = [sys.executable, __file__, "--measure", name, how, str(path)]
    return Figure(**json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def compare(name: str, scale: float, runs: int, folder: Path) -> str:
    """One line of the table: rows per second, ratio of times, peaks of memory, also for a file ten times as large."""
    case = CASES[name]
    rows = int(case.rows * scale)
    path = folder / case.file
    with duckdb.connect() as engine:
        case.write(engine, rows, path)
    found: dict[str, list[Figure]] = {"c360": [], "duckdb": []}
    for _ in range(runs):
        for how, figures in found.items():
            figures.append(measure(name, how, path))
    best = {how: min(figure.seconds for figure in figures) for how, figures in found.items()}
    pairs = zip(found["c360"], found["duckdb"], strict=True)
    ratio = statistics.median(ours.seconds / plain.seconds for ours, plain in pairs)
    cpu = [min(figure.cpu_seconds for figure in found[how]) for how in ("c360", "duckdb")]
    start = min(figure.start_seconds for figures in found.values() for figure in figures)
    peak = {how: max(figure.peak_megabytes for figure in figures) for how, figures in found.items()}
    with duckdb.connect() as engine:
        case.write(engine, rows // 10, path)
    small = measure(name, "c360", path)
    path.unlink()
    return (
        f"| {name} | {rows:,} | {rows / best['c360']:,.0f} | {rows / best['duckdb']:,.0f} | "
        f"{best['c360'] / best['duckdb']:.2f} | {ratio:.2f} | {cpu[0] / cpu[1]:.2f} | {cpu[0]:.1f} | {start:.1f} | "
        f"{peak['c360']:,.0f} | {small.peak_megabytes:,.0f} | {peak['duckdb']:,.0f} |"
    )


def main() -> None:
    """Print the table of figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the rows of every file")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=CASES, help="one format")
    parser.add_argument("--measure", nargs=3, metavar=("FORMAT", "HOW", "PATH"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        name, how, path = arguments.measure
        return measure_here(name, how, Path(path))
    print(  # noqa: T201
        "| format | rows | c360, rows/s | DuckDB, rows/s | time, best | time, median | CPU time | c360, CPU s | "
        "start-up, s | c360, MB | c360 at a tenth, MB | DuckDB, MB |\n|---|---|---|---|---|---|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name in [arguments.only] if arguments.only else CASES:
            print(compare(name, arguments.scale, arguments.runs, Path(folder)), flush=True)  # noqa: T201
    return None


if __name__ == "__main__":
    main()
