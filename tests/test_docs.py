"""What the docs name exists: every path, every make target, every c360 command, every setting."""

import re
from pathlib import Path

import pytest

from c360.cli import app
from c360.core.settings import Settings
from c360.identity.rules import ATTRIBUTE_KINDS, IdentifierRule, Matching, Rules
from c360.sources.contracts.contract import Column, Contract, Table

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "DECISIONS.md")),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "c360").rglob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
    ]
)
PATH = re.compile(
    r"(?<![\w/.<-])((?:dags|dbt_project|ml|expectations|tests|c360|contracts|audiences|docs|examples|benchmarks)"
    r"/[\w./-]*[\w/])"
)
MAKE = re.compile(r"(?m)(?:`|^)make ([a-z][a-z-]*)")
COMMAND = re.compile(r"(?m)(?:`|^|run |\$ )c360 ([a-z][a-z-]*)")
SETTING = re.compile(r"\bC360_([A-Z_]+)\b")


def named(pattern: re.Pattern[str], page: Path) -> set[str]:
    return set(pattern.findall(page.read_text(encoding="utf-8")))


def test_there_are_pages_that_name_things() -> None:
    """The sweeps below have something to sweep."""
    assert {"README.md", "adding-a-source.md", "adding-a-model.md"} <= {page.name for page in PAGES}
    assert len(named(PATH, ROOT / "README.md")) >= 5
    assert len(named(MAKE, ROOT / "README.md")) >= 3
    assert len(named(COMMAND, ROOT / "README.md")) >= 2


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_named_exists(page: Path) -> None:
    """A path in a page is in the tree, or is one the page asks its reader to write."""
    missing = {path for path in named(PATH, page) if not (ROOT / path).exists()}

    assert {path for path in missing if not path.startswith(_to_be_written(page))} == set()


def _to_be_written(page: Path) -> tuple[str, ...]:
    """Files and folders a how-to asks its reader to write, on the line that starts with `Files you write:`."""
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("Files you write:")]
    return tuple(path for line in lines for path in PATH.findall(line))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_named_exists(page: Path) -> None:
    """A make target, c360 command or setting in a page is there."""
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    commands |= {group.name for group in app.registered_groups}

    assert named(MAKE, page) - targets == set()
    assert named(COMMAND, page) - commands == set()
    settings = {name.lower() for name in named(SETTING, page) if not name.startswith("CONNECTION_")}
    assert settings - set(Settings.model_fields) - {"warehouse_path"} == set()


def test_every_command_of_a_group_named_exists() -> None:
    """`c360 quarantine replay` in a page is there, and every command of a group is in some page."""
    groups = {group.name: group.typer_instance for group in app.registered_groups}
    known = {f"{name} {command.name}" for name, one in groups.items() if one for command in one.registered_commands}
    pattern = re.compile(rf"(?m)(?:`|^|run |\$ )c360 ((?:{'|'.join(map(str, groups))}) [a-z]+)")

    assert len(known) >= 5
    assert set().union(*(named(pattern, page) for page in PAGES)) == known


def test_every_make_target_has_a_line_of_help() -> None:
    """`make` tells a newcomer what there is."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.search(r"(?m)^\.PHONY: (.*)$", makefile).group(1).split())

    assert len(phony) >= 6
    assert phony - set(re.findall(r"(?m)^([a-z-]+):.*## ", makefile)) == set()


def test_contract_reference_names_every_field() -> None:
    """Each field of a contract, a table and a column has its line, and no line is about one that is gone."""
    page = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")
    for heading, model in (("A source", Contract), ("A table", Table), ("A column", Column)):
        [section] = re.findall(rf"## {heading}\n(.*?)\n## ", page, re.DOTALL)
        cells = re.findall(r"(?m)^\| (`[^|]*) \|", section)
        assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == set(model.model_fields)


def test_identity_reference_names_every_key() -> None:
    """Each key of the rules of identity has its line, and no line is about one that is gone."""
    page = (ROOT / "docs" / "identity.md").read_text(encoding="utf-8")
    for heading, model in (
        ("## The rules file", Rules),
        ("### An identifier", IdentifierRule),
        ("### Matching", Matching),
    ):
        [section] = re.findall(rf"{heading}\n(.*?)\n##", page, re.DOTALL)
        assert set(re.findall(r"(?m)^\| `(\w+)` \|", section)) == set(model.model_fields)
    [kinds] = re.findall(r"The kinds are (.*?)\.", page, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", kinds)) == set(ATTRIBUTE_KINDS)


def test_the_room_of_identity_lists_its_modules() -> None:
    """Each module has its place in the table of the room's page, and no place is empty."""
    room = ROOT / "c360" / "identity"
    listed = set(
        re.findall(r"`([a-z_]+)/?`", "".join(re.findall(r"(?m)^\| (`[^|]*) \|", (room / "README.md").read_text())))
    )
    modules = {path.stem for path in room.glob("*.py")} | {path.parent.name for path in room.glob("*/__init__.py")}

    assert listed == modules - {"__init__"}
