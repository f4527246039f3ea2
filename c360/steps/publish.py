"""Make the public tables visible: copy them into a new file and swap it in with one rename."""

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from c360.core.errors import ConfigurationError
from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.core.warehouse import Warehouse, open_warehouse
from c360.privacy.hashing import stable_id
from c360.steps.build import manifest_path

PUBLIC_PIPELINE_TABLES = ("pipeline.model_evaluations", "pipeline.scores")
"""What Python writes and consumers may read, beside every dbt model with `access: public`."""
RUN_COLUMN = "run_id"
"""Says which run wrote a row, which is no difference between two versions."""


@dataclass(frozen=True)
class Publication:
    """One published version."""

    version: str
    row_counts: dict[str, int]


def publish(run: RunContext) -> Publication:
    """Publish the public tables as version `<as_of>_<digest of their rows>`.

    Publishing the same rows twice changes nothing. Readers who have the old file open keep it whole; who opens the
    path after the rename sees the new one whole. The newest `kept_versions` versions stay.
    """
    settings = run.settings
    versions_dir = settings.published_dir / "versions"
    versions_dir.mkdir(parents=True, exist_ok=True)
    with open_warehouse(settings) as warehouse:
        tables = public_tables(settings)
        row_counts, digest = _measure(warehouse, tables)
        version = f"{run.as_of.isoformat()}_{digest}"
        path = versions_dir / f"{version}.duckdb"
        if not path.exists():
            _write_version(warehouse, tables, path, version)
    _swap_in(path, settings.published_path)
    _drop_old_versions(settings, path)
    get_logger().info("published", version=version, tables=len(tables))
    return Publication(version, row_counts)


def version_before(settings: Settings, as_of: date) -> Path | None:
    """The newest kept version about an earlier day, or None. A run again of the same day finds the same one."""
    found = [path for path in _versions(settings) if _day_of(path) < as_of]
    return max(reversed(found), key=_day_of, default=None)


def public_tables(settings: Settings) -> list[str]:
    """`schema.table` of everything consumers may read, sorted.

    Raises:
        ConfigurationError: dbt has not run yet.
    """
    manifest = manifest_path(settings)
    if not manifest.exists():
        raise ConfigurationError(
            f"{manifest} is missing, so nobody knows what is public. Run `c360 build customer_360` first."
        )
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    models = [node for node in nodes if node["resource_type"] == "model" and node["config"].get("access") == "public"]
    return sorted([f"{model['schema']}.{model['name']}" for model in models] + list(PUBLIC_PIPELINE_TABLES))


def _measure(warehouse: Warehouse, tables: list[str]) -> tuple[dict[str, int], str]:
    """Row counts and one digest over the rows of all tables, whatever their order and whichever run wrote them."""
    counts, sums = {}, []
    for table in tables:
        columns = warehouse.rows(f"select column_name, column_type from (describe {table})")
        compared = ", ".join(f'"{name}"' for name, _ in columns if name != RUN_COLUMN)
        rows = f"(select {compared} from {table}) as rows_of_table"
        count, total = warehouse.rows(f"select count(*), sum(hash(rows_of_table)::hugeint) from {rows}")[0]
        counts[table] = int(count)
        sums.append(f"{table}:{''.join(name + kind for name, kind in columns)}:{count}:{total}")
    return counts, stable_id("", "\n".join(sums))


def _write_version(warehouse: Warehouse, tables: list[str], path: Path, version: str) -> None:
    unfinished = path.with_suffix(".unfinished")
    for left_over in (unfinished, unfinished.with_name(unfinished.name + ".wal")):
        left_over.unlink(missing_ok=True)
    warehouse.execute(f"attach '{unfinished}' as next_version")
    try:
        for schema in sorted({table.split(".")[0] for table in tables}):
            warehouse.execute(f"create schema next_version.{schema}")
        for table in tables:
            warehouse.execute(f"create table next_version.{table} as select * from {table} order by all")
        warehouse.execute("create table next_version.main.published_version as select ?::varchar as version", [version])
    finally:
        warehouse.execute("detach next_version")
    unfinished.replace(path)


def _swap_in(version: Path, target: Path) -> None:
    if target.exists() and target.samefile(version):
        return
    link = target.with_suffix(".next")
    link.unlink(missing_ok=True)
    os.link(version, link)
    link.replace(target)


def _drop_old_versions(settings: Settings, current: Path) -> None:
    for old in _versions(settings)[: -settings.kept_versions]:
        if old != current:
            old.unlink()


def _versions(settings: Settings) -> list[Path]:
    """Kept versions in the order in which they were written."""
    kept = (settings.published_dir / "versions").glob("*.duckdb")
    return sorted(kept, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _day_of(version: Path) -> date:
    return date.fromisoformat(version.stem.split("_")[0])
