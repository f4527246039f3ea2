"""Every DAG file parses fast, is named for what it holds, and only orchestrates."""

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from c360.steps.daily import DAILY, task_id

DAGS = Path(__file__).parents[2] / "dags"
SLOW = ["great_expectations", "sklearn", "matplotlib", "dbt", "duckdb"]

PARSE = """
import json, runpy, sys
from airflow.sdk.definitions.dag import DAG
loaded = runpy.run_path(sys.argv[1])
import gc
[dag] = [found for found in gc.get_objects() if isinstance(found, DAG)]
print(json.dumps({
    "dag_id": dag.dag_id,
    "doc": dag.doc_md,
    "order": [task.task_id for task in dag.topological_sort()],
    "edges": sorted([task.task_id, below] for task in dag.tasks for below in task.downstream_task_ids),
    "slow": [name for name in sys.argv[2].split(",") if name in sys.modules],
}))
"""


@pytest.fixture(scope="module", params=sorted(DAGS.glob("*.py")), ids=lambda path: path.stem)
def parsed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """A DAG file as Airflow's SDK sees it, parsed in a process of its own."""
    finished = subprocess.run(
        [sys.executable, "-c", PARSE, str(request.param), ",".join(SLOW)],
        env=os.environ | {"AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow"))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr[-2000:]
    return request.param, json.loads(finished.stdout.strip().splitlines()[-1])


def test_there_are_dags() -> None:
    """The sweep below has something to sweep."""
    assert DAGS / "c360_daily.py" in set(DAGS.glob("*.py"))


def test_dag_is_named_for_its_file(parsed: tuple[Path, dict]) -> None:
    """Who sees a red DAG finds its file."""
    path, dag = parsed

    assert dag["dag_id"] == path.stem


def test_dag_says_what_to_do_when_red(parsed: tuple[Path, dict]) -> None:
    """The documentation names the owner and the remedy."""
    _, dag = parsed

    assert "Owner" in dag["doc"]
    assert "When a task is red" in dag["doc"]


def test_no_slow_library_is_imported_at_parse_time(parsed: tuple[Path, dict]) -> None:
    """Airflow allows 30 s to parse a file; slow imports belong inside tasks."""
    _, dag = parsed

    assert dag["slow"] == []


def test_daily_dag_runs_the_daily_steps_in_order(parsed: tuple[Path, dict]) -> None:
    """The DAG and `c360 run` do the same things in the same order."""
    path, dag = parsed
    if path.stem != "c360_daily":
        pytest.skip("about c360_daily")
    steps = [task_id(step) for step in DAILY]

    assert dag["order"] == steps
    assert dag["edges"] == sorted([above, below] for above, below in pairwise(steps))
