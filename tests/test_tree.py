"""The tree keeps its shape: names that explain themselves, one place for each thing."""

import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "factory", "lib"}
TOP_LEVEL = {"dags", "dbt_project", "ml", "expectations", "tests", "c360", "contracts", "audiences", "docs", "examples"}


def tracked_files() -> list[Path]:
    """Files git knows, or would if they were added."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [Path(line) for line in listed.stdout.splitlines() if (ROOT / line).exists()]


def test_names_explain_themselves() -> None:
    """No file or folder is called utils, helpers, common and the like."""
    files = tracked_files()
    banned = [str(path) for path in files if BANNED & {part.split(".")[0].strip("_") for part in path.parts}]

    assert len(files) > 50
    assert banned == []


def test_the_house_has_its_rooms() -> None:
    """The folders the README speaks of hold something."""
    assert {path.parts[0] for path in tracked_files()} >= TOP_LEVEL


def test_no_data_is_committed() -> None:
    """Landed, published and shared data stay out of the repository."""
    suffixes = {".duckdb", ".parquet", ".gz", ".skops"}

    assert [str(path) for path in tracked_files() if path.suffix in suffixes] == []


def test_compose_file_is_safe_by_default() -> None:
    """Ports are local only, and no password is written down."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    services = yaml.safe_load(text)["services"]

    assert services
    assert all(port.startswith("127.0.0.1:") for service in services.values() for port in service.get("ports", []))
    assert "PASSWORD:" not in text.upper()
