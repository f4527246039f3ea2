"""The build step: what each layer selects, what dbt is told, and what is said when it fails."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from c360.core.errors import C360Error, ConfigurationError
from c360.core.run import RunContext
from c360.core.settings import PROJECT_DIR, Settings
from c360.dbt.process import END_WITH_PARENT
from c360.dbt.results import without_values
from c360.sources.contracts.contract import FEEDS
from c360.steps.build import LAYERS, build, dbt_command, log_path, selection

DBT_PROJECT = PROJECT_DIR / "dbt_project"


@pytest.fixture
def run(tmp_path: Path) -> RunContext:
    """A run over the repository's own project and contracts."""
    return RunContext(date(2026, 7, 1), "test", Settings(data_dir=tmp_path / "data"))


@pytest.fixture
def answer_with(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put a program in dbt's place that logs these events and ends with this code."""

    def _answer_with(code: int, *events: dict[str, Any]) -> None:
        program = "\n".join([*(f"print({json.dumps(event)!r})" for event in events), f"raise SystemExit({code})"])
        command = [sys.executable, "-c", program]
        monkeypatch.setattr("c360.steps.build.dbt_command", lambda _run, _arguments: (command, {}))

    return _answer_with


def event(level: str, message: str, node: str = "", status: str = "") -> dict[str, Any]:
    """One event of dbt's JSON log; with a status it says how its node ended."""
    info = {"level": level, "ts": "2026-07-01T00:00:00.000000Z", "msg": message}
    return {"info": info, "data": {"node_info": {"unique_id": node, "node_status": status}, "status": status}}


def test_every_model_belongs_to_one_layer(run: RunContext) -> None:
    """No model is left unbuilt or built twice: each lies in a folder that exactly one layer selects."""
    staged = [f"path:models/staging/{folder.name}" for folder in (DBT_PROJECT / "models/staging").iterdir()]
    selectors = {layer: LAYERS[layer] + tuple(staged if layer == "staging" else ()) for layer in LAYERS}
    models = [path.relative_to(DBT_PROJECT).as_posix() for path in (DBT_PROJECT / "models").rglob("*.sql")]

    assert len(models) >= 17
    for model in models:
        homes = [layer for layer, chosen in selectors.items() for path in chosen if _selects(path, model)]
        assert len(homes) == 1, model


def test_every_singular_test_belongs_to_one_layer() -> None:
    """No test is forgotten: each lies in a folder that exactly one layer selects."""
    tests = [path.relative_to(DBT_PROJECT).as_posix() for path in (DBT_PROJECT / "tests").glob("[!g]*/*.sql")]

    assert len(tests) >= 4
    for test in tests:
        assert sum(_selects(path, test) for chosen in LAYERS.values() for path in chosen) == 1, test


def _selects(selector: str, file: str) -> bool:
    method, pattern = selector.split(":")
    return method == "path" and (fnmatch(file, pattern) or file.startswith(f"{pattern}/"))


def test_staging_takes_the_sources_that_have_a_contract(run: RunContext, tmp_path: Path) -> None:
    """The contracts folder decides which sources are active; staging models of others stay unbuilt."""
    contracts = tmp_path / "contracts"
    contracts.mkdir()
    (contracts / "pos.yml").write_text((PROJECT_DIR / "contracts/pos.yml").read_text())
    settings = run.settings.model_copy(update={"contracts_dir": contracts})

    assert selection(settings, "staging") == ["path:models/staging/pos", *LAYERS["staging"]]


def test_a_mapped_feed_is_staged_by_its_own_view(run: RunContext, tmp_path: Path) -> None:
    """A contract that maps all its feeds has no staging folder; the views of those feeds are built instead."""
    settings = run.settings.model_copy(update={"contracts_dir": shop_of(tmp_path, "virtual_store")})

    assert selection(settings, "staging") == [
        "path:models/staging/mapped/stg_mapped__records.sql",
        "path:models/staging/mapped/stg_mapped__interactions.sql",
        *LAYERS["staging"],
    ]


def test_a_feed_is_mapped_or_staged_not_both(run: RunContext, tmp_path: Path) -> None:
    """A feed that a contract maps and a model stages would count twice, so it stops by name."""
    contracts = shop_of(tmp_path, "store_visits")
    mapping = """
        feeds:
          interactions: {interaction_id: visit_id, occurred_at: entered_at}
    """
    path = contracts / "store_visits.yml"
    path.write_text(path.read_text() + dedent(mapping).replace("\n", "\n    "))
    settings = run.settings.model_copy(update={"contracts_dir": contracts})

    with pytest.raises(
        ConfigurationError, match=r"'store_visits' maps.*stg_store_visits__interactions\.sql stages too"
    ):
        selection(settings, "staging")


def test_a_contract_without_staging_models_stops(run: RunContext, tmp_path: Path) -> None:
    """A source nobody stages is said by name, with the file to write."""
    contracts = shop_of(tmp_path, "signups")
    text = (contracts / "signups.yml").read_text().replace("source: signups", "source: repairs")
    (contracts / "repairs.yml").write_text(text)
    settings = run.settings.model_copy(update={"contracts_dir": contracts})

    with pytest.raises(ConfigurationError, match=r"'repairs'.*stg_repairs__identifiers\.sql"):
        selection(settings, "staging")


def shop_of(folder: Path, source: str) -> Path:
    """A folder of contracts with one of the project's."""
    contracts = folder / "contracts"
    contracts.mkdir()
    shutil.copy(PROJECT_DIR / "contracts" / f"{source}.yml", contracts)
    return contracts


def test_an_unknown_layer_stops(run: RunContext) -> None:
    """A layer that does not exist is answered with the ones that do."""
    with pytest.raises(ConfigurationError, match=r"no layer 'marts'.*customer_360"):
        build(run, "marts")


def test_dbt_is_told_the_date_and_the_feeds(run: RunContext) -> None:
    """Both variables reach dbt, in the same text every time, so that dbt keeps what it has parsed."""
    command, environment = dbt_command(run, ["ls", "--select", "customer_360"])
    variables = json.loads(command[command.index("--vars") + 1])

    assert command[-2] == "--vars"
    assert variables["as_of"] == "2026-07-01"
    assert variables["feeds"]["consents"] == ["consents"]
    assert tuple(variables["feeds"]) == tuple(sorted(FEEDS))
    assert [mapped["table"] for mapped in variables["mapped_feeds"]["records"]] == ["virtual_store__avatar_events"]
    assert dbt_command(run, ["ls", "--select", "customer_360"]) == (command, environment)


def test_dbt_is_told_where_each_identifier_lies(run: RunContext, tmp_path: Path) -> None:
    """A new type is one line: read from the column of its name, in normal form, else from the long feed."""
    rules = tmp_path / "identity.yml"
    types = ("email:", "loyalty_number:", "fax:", "till: phone_normalised", "device_id: {joins: anonymous}")
    rules.write_text("\n  ".join(["identifiers:", *types]))
    settings = run.settings.model_copy(update={"identity_rules_path": rules})
    command, _ = dbt_command(replace(run, settings=settings), ["ls"])

    assert json.loads(command[command.index("--vars") + 1])["identifier_rules"] == {
        "email": {"column": "email_normalised", "joins": "people"},
        "loyalty_number": {"column": "loyalty_number", "joins": "people"},
        "fax": {"column": None, "joins": "people"},
        "till": {"column": "phone_normalised", "joins": "people"},
        "device_id": {"column": None, "joins": "anonymous"},
    }


def test_a_rule_that_names_no_column_stops(run: RunContext, tmp_path: Path) -> None:
    """A misspelt column is answered with the ones there are, before anything is built."""
    rules = tmp_path / "identity.yml"
    rules.write_text("identifiers: {email: e_mail}\n")
    settings = run.settings.model_copy(update={"identity_rules_path": rules})

    with pytest.raises(ConfigurationError, match=r"identifiers\.email\.column is e_mail.*email_normalised"):
        dbt_command(replace(run, settings=settings), ["ls"])


def test_dbt_writes_only_below_the_data_directory(run: RunContext) -> None:
    """Two data directories never share a warehouse, parsed project or log, and nothing is sent anywhere."""
    _, environment = dbt_command(run, ["ls"])
    data_dir = str(run.settings.data_dir)

    assert all(
        environment[name].startswith(data_dir) for name in ("C360_WAREHOUSE_PATH", "DBT_TARGET_PATH", "DBT_LOG_PATH")
    )
    assert environment["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"
    assert environment["DO_NOT_TRACK"] == "1"


def test_options_of_dbt_itself_get_no_variables(run: RunContext) -> None:
    """`c360 dbt --version` is passed on as it is."""
    assert dbt_command(run, ["--version"])[0][-1] == "--version"


def test_what_was_built_is_counted(run: RunContext, answer_with: Callable[..., None]) -> None:
    """The result says how many models and tests ran, and how many tests warned."""
    answer_with(
        0,
        event("info", "Running with dbt"),
        event("info", "1 of 3 OK", "model.c360.dim_identities", "success"),
        event("info", "2 of 3 PASS", "test.c360.unique_dim_identities_record_id.1a2b", "pass"),
        event("warn", "3 of 3 WARN 2", "test.c360.accepted_values_purpose.3c4d", "warn"),
        event("warn", "[WARNING]: Got 2 results, configured to warn if != 0", "test.c360.accepted_values_purpose.3c4d"),
    )
    built = build(run, "customer_360")

    assert (built.layer, built.model_count, built.test_count, built.warning_count) == ("customer_360", 1, 2, 1)


def test_a_failure_names_the_node_and_how_to_see_more(run: RunContext, answer_with: Callable[..., None]) -> None:
    """What failed comes first, what was skipped because of it is left out, and the next command is given."""
    failing = "test.c360.unique_customers.1a2b"
    answer_with(
        1,
        event("error", "1 of 2 FAIL 3 unique_customers", failing, "fail"),
        event("info", "2 of 2 SKIP fct_orders", "model.c360.fct_orders", "skipped"),
        event("error", "[ERROR]: in test unique_customers (customers.yml)", failing),
        event("error", "  Got 3 results, configured to fail if != 0", failing),
    )
    with pytest.raises(C360Error) as raised:
        build(run, "customer_360")

    said = str(raised.value)
    assert "test unique_customers: Got 3 results" in said
    assert "fct_orders" not in said
    assert "c360 dbt build --select unique_customers" in said
    assert str(log_path(run.settings, "customer_360")) in said


def test_a_failure_before_the_first_node_is_told(run: RunContext, answer_with: Callable[..., None]) -> None:
    """An error at parsing, which belongs to no node, is told too."""
    answer_with(2, event("error", "[ERROR]: Encountered an error:\nCompilation Error\n  Model 'stg_x' was not found"))

    with pytest.raises(C360Error, match="Encountered an error: Compilation Error: Model 'stg_x' was not found"):
        build(run, "staging")


def test_the_log_says_what_dbt_did_without_values(run: RunContext, answer_with: Callable[..., None]) -> None:
    """The log keeps dbt's progress line by line and cuts what its errors quote; noise is left out."""
    node = "model.c360.m"
    answer_with(
        1,
        event("info", ""),
        event("error", "1 of 1 ERROR creating m", node, "error"),
        event("error", "Runtime Error in model m\n  Conversion Error: 'eve@shop.test' is no number", node),
    )
    with pytest.raises(C360Error):
        build(run, "staging")

    log = log_path(run.settings, "staging").read_text().splitlines()
    assert log == [
        "2026-07-01T00:00:00 error 1 of 1 ERROR creating m",
        "2026-07-01T00:00:00 error Runtime Error in model m: Conversion Error, withheld because it may quote a row",
    ]


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (
            'Runtime Error in model m (m.sql)\n  Conversion Error: Could not convert string "eve@shop.test" to INT32',
            "Runtime Error in model m (m.sql): Conversion Error, withheld because it may quote a row",
        ),
        (
            "Runtime Error in model m (m.sql)\n  Binder Error: column x not found\n\n  LINE 1: select 'eve@shop.test'",
            "Runtime Error in model m (m.sql): Binder Error: column x not found",
        ),
        ("Got 1 result, configured to fail if != 0", "Got 1 result, configured to fail if != 0"),
        ("eve@shop.test is not unique", "an error, withheld because it may quote a row"),
        ("", ""),
    ],
)
def test_errors_keep_names_and_lose_values(message: str, kept: str) -> None:
    """Of an error only what names models, tables and columns is said; an unknown error is withheld."""
    assert without_values(message) == kept


def test_dbt_ends_when_its_step_is_killed(run: RunContext) -> None:
    """When the pipe to the step closes, dbt stops at once instead of holding the warehouse."""
    command, environment = dbt_command(run, ["--help"])
    with subprocess.Popen(
        command, env=environment | {END_WITH_PARENT: "1"}, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as dbt:
        assert dbt.stdin is not None
        dbt.stdin.close()

        assert dbt.wait(timeout=60) == 1
