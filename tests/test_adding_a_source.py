"""`docs/adding-a-source.md`, followed step by step as its reader would."""

import re
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from c360.core.run import RunContext
from c360.core.settings import PROJECT_DIR, Settings
from c360.core.warehouse import open_warehouse
from c360.steps.build import build
from c360.steps.identify import identify
from c360.steps.ingest import ingest

PAGE = (PROJECT_DIR / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
OTHER_SOURCE = "signups"
SIGNUPS = """\
signup_id,email,first_name,phone,country_code,form,user_pseudo_id,signed_up_at
s1,ada@example.org,Ada,,FR,newsletter,,2026-06-28T10:00:00+02:00
"""


@dataclass(frozen=True)
class Outcome:
    """What the shop knows: every record's customer, and the workshop's interactions."""

    identities: dict[str, str]
    interactions: list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> RunContext:
    """A newcomer's copy of the project with a small shop of one source."""
    folder = tmp_path_factory.mktemp("newcomer")
    shutil.copytree(PROJECT_DIR / "dbt_project", folder / "dbt_project")
    (folder / "contracts").mkdir()
    shutil.copy(PROJECT_DIR / "contracts" / f"{OTHER_SOURCE}.yml", folder / "contracts")
    settings = Settings(
        project_dir=folder, data_dir=folder / "data", contracts_dir=folder / "contracts", warehouse_threads=1
    )
    write(settings.landing_dir / OTHER_SOURCE / "signups_2026-06-30.csv", SIGNUPS)
    return RunContext(date(2026, 6, 30), "test", settings)


@pytest.fixture(scope="module")
def by_contract(newcomer: RunContext) -> Outcome:
    """Sections 1 and 2: the contract, a landed file, a run."""
    folder = newcomer.settings.project_dir
    write(folder / "contracts/repairs.yml", block("yaml", "# contracts/repairs.yml"))
    write(newcomer.settings.landing_dir / "repairs" / "jobs_2026-06-30.csv", block("csv", "job_id;"))
    return run_to_facts(newcomer)


@pytest.fixture(scope="module")
def by_model(newcomer: RunContext, by_contract: Outcome) -> Outcome:
    """Section 3: the interactions taken out of the mapping and staged by a model."""
    folder = newcomer.settings.project_dir
    contract = folder / "contracts/repairs.yml"
    contract.write_text(contract.read_text().split("      interactions:\n")[0])
    for kind, comment in (("yaml", "#"), ("sql", "--")):
        for path in re.findall(rf"```{kind}\n{comment} (dbt_project/\S+)\n", PAGE):
            write(folder / path, block(kind, f"{comment} {path}"))
    assert by_contract.identities
    return run_to_facts(newcomer)


def block(kind: str, first_line: str) -> str:
    """The code block of the page that starts with this line."""
    [text] = re.findall(rf"```{kind}\n({re.escape(first_line)}.*?)```", PAGE, re.DOTALL)
    return text


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run_to_facts(run: RunContext) -> Outcome:
    ingest(run)
    build(run, "staging")
    identify(run)
    build(run, "customer_360")
    with open_warehouse(run.settings) as warehouse:
        identities = warehouse.rows("select record_id, customer_id from identity.dim_identities")
        interactions = warehouse.rows(
            "select record_id, interaction_kind, topic from customer_360.fct_interactions order by occurred_at"
        )
    return Outcome(dict(identities), interactions)


def test_a_contract_alone_adds_the_source(by_contract: Outcome) -> None:
    """The two jobs are records, one of them of a customer another source knows, and interactions."""
    known = by_contract.identities

    assert set(known) == {"signups:signup:s1", "repairs:job:R-1", "repairs:job:R-2"}
    assert known["repairs:job:R-2"] == known["signups:signup:s1"] != known["repairs:job:R-1"]
    assert by_contract.interactions == [
        ("repairs:job:R-1", "handed_in", "switch"),
        ("repairs:job:R-2", "handed_in", "leg"),
    ]


def test_a_staging_model_takes_the_place_of_a_mapping(by_contract: Outcome, by_model: Outcome) -> None:
    """With the page's model the same jobs give an interaction for each visit, and the records stay as they were."""
    assert by_model.identities == by_contract.identities
    assert by_model.interactions == [
        ("repairs:job:R-1", "handed_in", "switch"),
        ("repairs:job:R-2", "handed_in", "leg"),
        ("repairs:job:R-1", "collected", "switch"),
    ]
