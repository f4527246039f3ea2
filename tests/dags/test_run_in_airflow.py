"""The daily DAG through Airflow itself, in one process, on a metadata database of its own."""

import os
import subprocess
import sys
from pathlib import Path

from shop import AS_OF, Shop, land_small_shop

ROOT = Path(__file__).parents[2]
AIRFLOW = [sys.executable, "-m", "airflow"]


def test_airflow_publishes_what_the_command_line_publishes(
    finished_shop: tuple[Shop, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """The same landed files give the same published version, whoever runs the steps."""
    by_hand, _ = finished_shop
    shop = land_small_shop(tmp_path / "shop")
    environment = os.environ | {
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "C360_DATA_DIR": str(shop.data_dir),
    }
    subprocess.run([*AIRFLOW, "db", "migrate"], env=environment, check=True, capture_output=True)
    finished = subprocess.run(
        [*AIRFLOW, "dags", "test", "c360_daily", AS_OF], env=environment, check=False, capture_output=True, text=True
    )

    assert finished.returncode == 0, finished.stdout[-3000:] + finished.stderr[-3000:]
    assert versions(shop) == versions(by_hand) != set()


def versions(shop: Shop) -> set[str]:
    return {path.name for path in (shop.data_dir / "published" / "versions").iterdir()}
