"""Build the dbt project layer by layer: one dbt process per layer, because DuckDB has one writer."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from c360.core.errors import C360Error, ConfigurationError
from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.core.warehouse import warehouse_locked
from c360.dbt.process import END_WITH_PARENT
from c360.dbt.results import Event, NodeResult, node_results, read_event
from c360.identity.rules import load_rules
from c360.sources.contracts.contract import Contract, feeds_by_entity
from c360.sources.contracts.feeds import FEED_COLUMNS, MAPPED
from c360.sources.contracts.loading import load_contracts
from c360.sources.contracts.mapping import mapped_feeds

LAYERS: dict[str, tuple[str, ...]] = {
    "staging": (
        "source:pipeline.ingest_files",
        "source:pipeline.quarantined_rows",
        "source:pipeline.key_conflicts",
        "source:pipeline.source_freshness",
        "source:pipeline.source_columns",
        "path:models/identity/int_*",
        "path:tests/staging",
    ),
    "customer_360": (
        "source:pipeline.identity_clusters",
        "source:pipeline.identity_edges",
        "source:pipeline.identity_refused_merges",
        "source:pipeline.identity_bridges",
        "source:pipeline.identity_pairs",
        "source:pipeline.identity_state",
        "source:pipeline.identity_log",
        "path:models/identity/dim_*",
        "path:models/identity/identity_*",
        "path:models/identity/rpt_*",
        "path:models/privacy",
        "path:models/customer_360",
        "path:tests/identity",
        "path:tests/privacy",
        "path:tests/customer_360",
    ),
    "features": ("path:models/features", "path:tests/features"),
    "exports": (
        "source:pipeline.model_evaluations",
        "source:pipeline.scores",
        "source:pipeline.audience_members",
        "path:models/exports",
        "path:tests/exports",
    ),
    "measurement": (
        "source:pipeline.audiences",
        "source:pipeline.export_results",
        "path:models/measurement",
        "path:tests/measurement",
    ),
}
"""What dbt selects for each layer: folders, and the Python-written tables the layer is the first to read.

`staging` also takes the staging folder of every source that has a contract, and the view of every feed that a contract
maps itself. A test runs with the layer whose folder
declares it, so it may also look at tables of the layers before.
"""

_LAYER_BEFORE_PUBLICATION = "customer_360"
"""The only layer that writes `manifest.json`, which says what is public: writing it takes dbt most of a second."""

_STAGING_DIR = "models/staging"
_SHOWN_FAILURES = 5


@dataclass(frozen=True)
class LayerBuild:
    """What dbt built and tested in one layer."""

    layer: str
    model_count: int
    test_count: int
    warning_count: int


def build(run: RunContext, layer: str) -> LayerBuild:
    """Build and test the models of `layer`.

    Raises:
        ConfigurationError: there is no such layer, or a source with a contract has no staging models.
        WarehouseLocked: another process holds the warehouse.
        C360Error: a model could not be built or a test does not hold.
    """
    arguments = ["build", "--select", *selection(run.settings, layer), "--indirect-selection", "cautious"]
    # Unit tests prove the logic on a few rows; they belong to the test suite, not to every run.
    arguments += ["--resource-type", "model", "--resource-type", "test"]
    arguments += [] if layer == _LAYER_BEFORE_PUBLICATION else ["--no-write-json"]
    return_code, events = _run_dbt(run, layer, arguments)
    # What dbt writes beside the manifest quotes values when a node fails; the events say the same without.
    (target_dir(run.settings) / "run_results.json").unlink(missing_ok=True)
    if return_code != 0:
        raise _failure(run.settings, layer, events)
    return _report(layer, node_results(events))


def selection(settings: Settings, layer: str) -> list[str]:
    """The dbt selectors of a layer.

    Raises:
        ConfigurationError: there is no such layer, or a source with a contract has no staging models.
    """
    if layer not in LAYERS:
        raise ConfigurationError(f"There is no layer {layer!r}. The layers are {', '.join(LAYERS)}.")
    if layer != "staging":
        return list(LAYERS[layer])
    contracts = load_contracts(settings.contracts_dir)
    folders = [folder for contract in contracts if (folder := _staging_folder(settings, contract))]
    views = [f"{_STAGING_DIR}/{MAPPED}/stg_{MAPPED}__{feed}.sql" for feed in mapped_feeds(contracts)]
    return [f"path:{path}" for path in [*folders, *views]] + list(LAYERS[layer])


def dbt_command(run: RunContext, arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The command and environment that run dbt with the variables of `run`."""
    settings = run.settings
    command = [sys.executable, "-m", "c360.dbt.process", *arguments]
    if arguments and not arguments[0].startswith("-"):
        command += ["--vars", json.dumps(_variables(run), sort_keys=True)]
    return command, {
        **os.environ,
        "C360_WAREHOUSE_PATH": str(settings.warehouse_path.resolve()),
        "C360_WAREHOUSE_THREADS": str(settings.warehouse_threads),
        "C360_WAREHOUSE_MEMORY_LIMIT": settings.warehouse_memory_limit,
        "DBT_PROJECT_DIR": str(_project_dir(settings).resolve()),
        "DBT_PROFILES_DIR": str(_project_dir(settings).resolve()),
        "DBT_TARGET_PATH": str(target_dir(settings)),
        "DBT_LOG_PATH": str(_logs_dir(settings)),
        "DBT_LOG_LEVEL_FILE": "none",  # dbt's own file would keep the rows that errors quote
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_VERSION_CHECK": "false",
        "DO_NOT_TRACK": "1",
    }


def target_dir(settings: Settings) -> Path:
    """Where dbt keeps compiled SQL, its parsed project and its results: with the data they are about."""
    return settings.data_dir.resolve() / "dbt_target"


def manifest_path(settings: Settings) -> Path:
    """What dbt knows about the project: its models, their columns and who may read them."""
    return target_dir(settings) / "manifest.json"


def log_path(settings: Settings, layer: str) -> Path:
    """What dbt said while it last built a layer, without values."""
    return _logs_dir(settings) / f"dbt_{layer}.log"


def _variables(run: RunContext) -> dict[str, object]:
    contracts = load_contracts(run.settings.contracts_dir)
    return {
        "as_of": run.as_of.isoformat(),
        "feeds": feeds_by_entity(contracts),
        "mapped_feeds": mapped_feeds(contracts),
        "identifier_rules": _identifier_rules(run.settings.identity_rules_path),
    }


def _identifier_rules(path: Path) -> dict[str, dict[str, str | None]]:
    """Where each type of identifier lies and whom it joins, as the macro `identifier_rules` wants to know it.

    A type is a column of the records, in its normal form where they have one; else the feed `identifiers` delivers it.
    """
    return {
        name: {"column": _column_of_records(path, name, rule.column), "joins": rule.joins}
        for name, rule in load_rules(path).identifiers.items()
    }


def _column_of_records(path: Path, identifier_type: str, named: str | None) -> str | None:
    columns = FEED_COLUMNS["records"]
    if named and named not in columns:
        raise ConfigurationError(
            f"{path}: identifiers.{identifier_type}.column is {named}, which the records do not have. Their "
            f"columns are {', '.join(columns)}. Without `column`, the feed `identifiers` may deliver the type."
        )
    candidates = [named] if named else [f"{identifier_type}_normalised", identifier_type]
    return next((column for column in candidates if column in columns), None)


def _project_dir(settings: Settings) -> Path:
    return settings.project_dir / "dbt_project"


def _logs_dir(settings: Settings) -> Path:
    return settings.data_dir.resolve() / "logs"


def _staging_folder(settings: Settings, contract: Contract) -> str | None:
    """Where the contract's feeds are staged; None when it maps all of them itself."""
    folder = f"{_STAGING_DIR}/{contract.source}"
    there = {path.stem for path in (_project_dir(settings) / folder).glob("*.sql")}
    promised = {f"stg_{contract.source}__{feed}" for feed in contract.feeds if feed not in contract.mapped_feeds}
    if missing := sorted(promised - there):
        raise ConfigurationError(
            f"The contract of source {contract.source!r} promises the feeds {', '.join(contract.feeds)}, but "
            f"dbt_project/{folder} has no {missing[0]}.sql. Write the model, map the feed in the contract, or take it "
            "out of the contract."
        )
    if twice := sorted({f"stg_{contract.source}__{feed}" for feed in contract.mapped_feeds} & there):
        raise ConfigurationError(
            f"The contract of source {contract.source!r} maps a feed that dbt_project/{folder}/{twice[0]}.sql stages "
            "too. Keep one of them."
        )
    return folder if promised else None


def _run_dbt(run: RunContext, layer: str, arguments: list[str]) -> tuple[int, list[Event]]:
    """The return code of dbt and what it said, which also goes to the layer's log file as it is said."""
    command, environment = dbt_command(run, [*arguments, "--log-format", "json"])
    events = []
    _logs_dir(run.settings).mkdir(parents=True, exist_ok=True)
    with (
        log_path(run.settings, layer).open("w", encoding="utf-8", buffering=1) as log,
        subprocess.Popen(
            command,
            env={**environment, END_WITH_PARENT: "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        ) as dbt,
    ):
        for line in dbt.stdout or ():
            if event := read_event(line):
                log.write(f"{event.at} {event.level:5} {event.message}\n")
                events.append(event)
    return dbt.returncode, events


def _failure(settings: Settings, layer: str, events: list[Event]) -> C360Error:
    errors = [event.message for event in events if event.level == "error"]
    if any("Could not set lock" in error for error in errors):
        return warehouse_locked(settings)
    failed = [result for result in node_results(events) if result.status in ("error", "fail", "runtime error")]
    causes = [f"{result.kind} {result.name}: {result.cause}" for result in failed] or errors[:1]
    listed = "".join(f"\n  {cause}" for cause in causes[:_SHOWN_FAILURES])
    more = f"\n  and {len(causes) - _SHOWN_FAILURES} more" if len(causes) > _SHOWN_FAILURES else ""
    first = f" --select {failed[0].name}" if failed else ""
    return C360Error(
        f"dbt could not build layer {layer!r}:{listed}{more}\n"
        f"What it did is in {log_path(settings, layer)}. To see the whole error, with the values it quotes, on your "
        f"terminal only: c360 dbt build{first}"
    )


def _report(layer: str, results: list[NodeResult]) -> LayerBuild:
    warnings = [result for result in results if result.status == "warn"]
    for warning in warnings:
        get_logger().warning("test_warned", layer=layer, test=warning.name, cause=warning.cause)
    models = sum(result.kind == "model" for result in results)
    tests = sum(result.kind == "test" for result in results)
    get_logger().info("layer_built", layer=layer, models=models, tests=tests)
    return LayerBuild(layer, models, tests, len(warnings))
