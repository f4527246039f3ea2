"""`c360 identity resolve`: any table of records to people, alone, by real processes."""

import csv
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from c360.cli import main
from c360.privacy.hashing import stable_id

RULES = """
record_id: person
identifiers: {email: , card: }
attributes: {name: full_name, born: birth_date, town: city}
matching: {is_on: false}
"""
HEADER = "person,name,born,town,email,card"
PEOPLE = [
    "1,Ada Lovelace,1815-12-10,London,ada@example.com,",
    "2,ADA LOVELACE,10/12/1815,,ADA@example.com,77",
    "3,A. Lovelace,,,,77",
    "4,Grace Hopper,1906-12-09,New York,grace@example.com,",
    "5,,,,,",
]
NAMES = [f"{first} {last}" for first in ("Ada", "Grace", "Alan", "Edsger") for last in ("Stone", "Fields", "Rivers")]


def resolve(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "c360", "identity", "resolve", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@dataclass(frozen=True)
class Terminal:
    """The command line in this process, which saves importing everything for each call."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def resolve(self, **changed: str) -> tuple[int, str]:
        """The exit code of resolving `people.csv`, and what went to standard error."""
        options = {"records": "people.csv", "rules": "rules.yml", "out": "out.csv"} | changed
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        self.monkeypatch.chdir(self.folder)
        self.monkeypatch.setattr(sys, "argv", ["c360", "identity", "resolve", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), self.capsys.readouterr().err


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path, monkeypatch, capsys)


def write(folder: Path, *lines: str, rules: str = RULES) -> None:
    (folder / "people.csv").write_text("\n".join([HEADER, *lines, ""]))
    (folder / "rules.yml").write_text(rules)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def partition(path: Path) -> set[frozenset[str]]:
    """The records of each customer."""
    members: dict[str, set[str]] = {}
    for row in rows(path):
        members.setdefault(row["customer_id"], set()).add(row["record_id"])
    return {frozenset(records) for records in members.values()}


def test_records_become_customers_with_their_edges(tmp_path: Path) -> None:
    """Every record has a customer, named by the smallest record, and what ties two of them is beside it."""
    write(tmp_path, *PEOPLE)
    finished = resolve(tmp_path, "--records", "people.csv", "--rules", "rules.yml", "--out", "out.csv")

    assert finished.returncode == 0, finished.stderr
    assert partition(tmp_path / "out.csv") == {frozenset("123"), frozenset("4"), frozenset("5")}
    assert rows(tmp_path / "out.csv")[1] == {"record_id": "2", "customer_id": stable_id("c_", "1")}
    assert rows(tmp_path / "out_edges.csv") == [
        {"left_record_id": "1", "right_record_id": "2", "rule": "email", "kind": "exact", "score": "1.0"},
        {"left_record_id": "2", "right_record_id": "3", "rule": "card", "kind": "exact", "score": "1.0"},
    ]
    assert "Written  out_edges.csv" in finished.stdout
    assert "Lovelace" not in finished.stdout + finished.stderr


def test_order_format_and_number_of_files_change_nothing(tmp_path: Path) -> None:
    """The rows turned round, as Parquet, in two files: the same customers with the same ids."""
    write(tmp_path, *PEOPLE)
    with duckdb.connect() as engine:
        everybody = (
            f"(select *, row_number() over () as place from read_csv('{tmp_path}/people.csv', all_varchar = true))"
        )
        for name, half in (("a", "place % 2 = 0"), ("b", "place % 2 = 1")):
            columns = f"select * exclude place from {everybody} where {half} order by place desc"
            engine.execute(f"copy ({columns}) to '{tmp_path}/{name}.parquet'")
    for out, records in (("whole.csv", ["people.csv"]), ("parts.parquet", ["b.parquet", "a.parquet"])):
        named = [part for path in records for part in ("--records", path)]
        assert resolve(tmp_path, *named, "--rules", "rules.yml", "--out", out).returncode == 0
    with duckdb.connect() as engine:
        for end in ("", "_edges"):
            whole, parts = (
                f"read_csv('{tmp_path}/whole{end}.csv', all_varchar = true)",
                f"'{tmp_path}/parts{end}.parquet'",
            )
            assert (
                engine.sql(f"from {whole}").fetchall()
                == engine.sql(f"select columns(*)::varchar from {parts}").fetchall()
            )


def test_names_with_typing_errors_are_matched(tmp_path: Path) -> None:
    """Without an identifier, records of one name, date and town are one person, also with a letter wrong."""
    people = [
        (f"{place:03}", name, f"19{40 + place:02}-03-{1 + place:02}", f"Town {place}")
        for place, name in enumerate(NAMES)
    ]
    lines = [f"{number}{copy},{wrong or name},{born},{town},," for number, name, born, town in people
             for copy, wrong in (("a", ""), ("b", ""), ("c", name[:-1] + "x"))]  # fmt: skip
    write(tmp_path, *lines, rules="record_id: person\nattributes: {name: full_name, born: birth_date, town: city}\n")
    finished = resolve(tmp_path, "--records", "people.csv", "--rules", "rules.yml", "--out", "out.csv")

    assert finished.returncode == 0, finished.stderr
    assert partition(tmp_path / "out.csv") == {frozenset(f"{number}{copy}" for copy in "abc") for number, *_ in people}
    edges = rows(tmp_path / "out_edges.csv")
    assert {(edge["rule"], edge["kind"]) for edge in edges} == {("matching", "probabilistic")}
    assert len(edges) == 2 * len(people)


def test_without_rules_it_says_what_it_assumed(tmp_path: Path) -> None:
    """The kinds of the columns come from their names, and are printed as the rules file to start from."""
    (tmp_path / "p.csv").write_text("id;given_name;e-mail\n1;Ada;ada@example.com\n2;Ada;ada@example.com\n3;Grace;\n")
    finished = resolve(tmp_path, "--records", "p.csv", "--out", "out.csv")

    assert finished.returncode == 0, finished.stderr
    assert "given_name: first_name" in finished.stderr
    assert partition(tmp_path / "out.csv") == {frozenset("12"), frozenset("3")}


@pytest.mark.parametrize("people", [[], PEOPLE[:1], PEOPLE[4:], PEOPLE[3:]])
def test_too_little_to_learn_from_is_no_fault(terminal: Terminal, people: list[str]) -> None:
    """Nobody, one record, or records that say nothing: each is a customer of its own, matching or not."""
    write(terminal.folder, *people, rules=RULES.replace("is_on: false", "is_on: true"))

    assert terminal.resolve()[0] == 0
    assert len(partition(terminal.folder / "out.csv")) == len(people)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"records": "gone.csv"}, "no file gone.csv"),
        ({"rules": "gone.yml"}, "no rules file gone.yml"),
        ({"rules": "kind.yml"}, "attributes.name: is of an unknown kind"),
        ({"rules": "norway.yml"}, "record_id: must be a text; YAML reads words such as no"),
        ({"rules": "key.yml"}, "identifiers.email.max_persons: there is no such key"),
        ({"rules": "column.yml"}, "has no column shoe, which the rules name"),
        ({"records": "twice.csv"}, "1 of 6 records have in person the id of another"),
        ({"out": "out.xlsx"}, "unknown format"),
        ({"out": "gone/out.csv"}, "no folder gone"),
        ({"out": "people.csv"}, "would be overwritten"),
    ],
)
def test_bad_input_says_what_to_do_and_writes_nothing(terminal: Terminal, changed: dict[str, str], told: str) -> None:
    """Exit code 2, the reason, no personal value, and no file that was not there."""
    folder = terminal.folder
    write(folder, *PEOPLE)
    (folder / "twice.csv").write_text("\n".join([HEADER, *PEOPLE, PEOPLE[0], ""]))
    (folder / "kind.yml").write_text(RULES.replace("full_name", "nickname"))
    (folder / "norway.yml").write_text(RULES.replace("record_id: person", "record_id: no"))
    (folder / "key.yml").write_text(RULES.replace("email: ,", "email: {max_persons: 3},"))
    (folder / "column.yml").write_text(RULES.replace("card: ", "card: shoe"))
    there = {path.name: path.read_bytes() for path in folder.iterdir()}
    exit_code, error = terminal.resolve(**changed)

    assert exit_code == 2
    assert told in error
    assert "Lovelace" not in error
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == there


def test_a_chain_of_fifty_is_one_customer(tmp_path: Path) -> None:
    """Each record shares something with the next only: e-mail and card by turns, fifty long."""
    lines = [f"{place:02},,,,e{place // 2}@example.com,k{(place + 1) // 2}" for place in range(50)]
    write(tmp_path, *lines)
    assert resolve(tmp_path, "--records", "people.csv", "--rules", "rules.yml", "--out", "out.csv").returncode == 0

    assert partition(tmp_path / "out.csv") == {frozenset(f"{place:02}" for place in range(50))}
    edges = {(edge["left_record_id"], edge["right_record_id"]) for edge in rows(tmp_path / "out_edges.csv")}
    assert edges == set(pairwise(f"{place:02}" for place in range(50)))
