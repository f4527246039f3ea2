"""Publication is one atomic act: whole versions, the same rows the same version, the last K kept."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from c360.core.errors import ConfigurationError
from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.core.warehouse import open_warehouse
from c360.steps.build import manifest_path
from c360.steps.publish import public_tables, publish, version_before


@pytest.fixture
def run(tmp_path: Path) -> RunContext:
    """A run whose warehouse holds one public and one protected model."""
    settings = Settings(data_dir=tmp_path, kept_versions=2)
    manifest = manifest_path(settings)
    manifest.parent.mkdir(parents=True)
    nodes = {
        "model.c360.customer_360": {"schema": "customer_360", "name": "customer_360", "access": "public"},
        "model.c360.dim_customers": {"schema": "customer_360", "name": "dim_customers", "access": "protected"},
    }
    for node in nodes.values():
        node |= {"resource_type": "model", "config": {"access": node["access"]}}
    manifest.write_text(json.dumps({"nodes": nodes}))
    with open_warehouse(settings) as warehouse:
        warehouse.execute("create schema customer_360")
        warehouse.execute("create schema pipeline")
        warehouse.execute("create table customer_360.customer_360 as select 'c_1' as customer_id, 3 as order_count")
        warehouse.execute("create table customer_360.dim_customers as select 'ada@example.com' as email")
        warehouse.execute("create table pipeline.scores as select 'c_1' as customer_id, 0.5 as probability")
        warehouse.execute("create table pipeline.model_evaluations as select 'churn' as model_name")
    return RunContext(date(2026, 7, 1), "test", settings)


def change(run: RunContext, order_count: int) -> None:
    with open_warehouse(run.settings) as warehouse:
        warehouse.execute("update customer_360.customer_360 set order_count = ?", [order_count])


def published_count(run: RunContext) -> int:
    connection = duckdb.connect(str(run.settings.published_path), read_only=True)
    try:
        return int(connection.execute("select order_count from customer_360.customer_360").fetchall()[0][0])
    finally:
        connection.close()


def test_only_public_tables_are_published(run: RunContext) -> None:
    """Protected models stay out of the published file."""
    publication = publish(run)

    assert "customer_360.dim_customers" not in publication.row_counts
    assert publication.row_counts["customer_360.customer_360"] == 1
    assert sorted(publication.row_counts) == public_tables(run.settings)


def test_publishing_the_same_rows_twice_changes_nothing(run: RunContext) -> None:
    """The second publication keeps the very same file."""
    first = publish(run)
    before = run.settings.published_path.stat()
    second = publish(run)
    after = run.settings.published_path.stat()

    assert first == second
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_who_wrote_a_row_makes_no_other_version(run: RunContext) -> None:
    """The same events logged by another run are the same version; another event is another."""
    with open_warehouse(run.settings) as warehouse:
        warehouse.execute("alter table customer_360.customer_360 add column run_id text default 'by hand'")
    first = publish(run)
    with open_warehouse(run.settings) as warehouse:
        warehouse.execute("update customer_360.customer_360 set run_id = 'scheduled'")
    second = publish(run)
    change(run, 4)

    assert first.version == second.version != publish(run).version


def test_a_reader_keeps_its_whole_version(run: RunContext) -> None:
    """Who has the old version open reads it to the end; who opens again sees the new one."""
    publish(run)
    reader = duckdb.connect(str(run.settings.published_path), read_only=True)
    change(run, order_count=9)
    # DuckDB keeps one instance per path within a process, so the new version is read after the old reader is done.
    publish(run)

    assert reader.execute("select order_count from customer_360.customer_360").fetchall() == [(3,)]
    reader.close()
    assert published_count(run) == 9


def test_a_killed_publication_leaves_the_old_version(run: RunContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the swap never happens, consumers read what they had, and the next run publishes."""
    publish(run)
    change(run, order_count=9)
    with monkeypatch.context() as patch:
        patch.setattr("c360.steps.publish._swap_in", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish(run)

    assert published_count(run) == 3
    publish(run)
    assert published_count(run) == 9


def test_a_half_written_version_is_not_used(run: RunContext) -> None:
    """What a killed run left under the unfinished name is thrown away."""
    unfinished = run.settings.published_dir / "versions"
    unfinished.mkdir(parents=True)
    version = publish(run).version
    run.settings.published_path.unlink()
    (unfinished / f"{version}.duckdb").rename(unfinished / f"{version}.unfinished")
    (unfinished / f"{version}.unfinished").write_bytes(b"torn")
    publish(run)

    assert published_count(run) == 3


def test_the_last_versions_stay(run: RunContext) -> None:
    """Only `kept_versions` versions stay, the visible one among them."""
    for order_count in (4, 5, 6):
        change(run, order_count)
        publish(run)
    kept = list((run.settings.published_dir / "versions").glob("*.duckdb"))

    assert len(kept) == 2
    assert published_count(run) == 6


def test_publishing_before_building_says_what_to_do(tmp_path: Path) -> None:
    """Without dbt's manifest nobody knows what is public."""
    with pytest.raises(ConfigurationError, match="c360 build"):
        public_tables(Settings(data_dir=tmp_path))


def test_the_version_before_is_about_an_earlier_day(run: RunContext) -> None:
    """A run again of the same day is compared with the day before, never with itself."""
    assert version_before(run.settings, run.as_of) is None
    first = publish(run)
    later = RunContext(date(2026, 7, 2), "test", run.settings)
    change(run, order_count=9)
    publish(later)

    assert version_before(run.settings, run.as_of) is None
    found = version_before(run.settings, later.as_of)
    assert found is not None
    assert found.stem == first.version
