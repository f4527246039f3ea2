"""The command line: verbs a person would guess, errors that say what to do, exit codes that tell them apart."""

from pathlib import Path

import pytest
from shop import Shop
from typer.testing import CliRunner

import c360.cli
from c360.cli import app
from c360.steps.daily import DAILY


def test_every_verb_of_the_daily_run_is_a_command() -> None:
    """What the DAG does step by step, a person can do by hand."""
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}

    assert len(DAILY) >= 10
    assert {step[0] for step in DAILY} <= commands


@pytest.mark.parametrize("verb", ["run", "sample", "ingest", "build", "identify", "gate", "train", "score", "publish"])
def test_every_command_has_help(verb: str) -> None:
    """`c360 <verb> --help` explains itself."""
    shown = CliRunner().invoke(app, [verb, "--help"])

    assert shown.exit_code == 0
    assert len(shown.output) > 100


def test_every_command_of_a_group_has_help() -> None:
    """`c360 quarantine list --help` explains itself, and is listed by its group."""
    for group in app.registered_groups:
        assert group.typer_instance
        names = [command.name for command in group.typer_instance.registered_commands]
        listed = CliRunner().invoke(app, [group.name, "--help"]).output
        assert len(names) >= 2
        assert [name for name in names if name not in listed] == []
        assert all(len(CliRunner().invoke(app, [group.name, name, "--help"]).output) > 100 for name in names)


def test_nothing_landed_says_what_to_do(tmp_path: Path) -> None:
    """A new user who runs before landing anything is told how to land something."""
    finished = Shop(tmp_path).run("run")

    assert finished.returncode == 2
    assert "c360 sample" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_wrong_date_is_a_usage_error(tmp_path: Path) -> None:
    """Exit code 2 is usage."""
    assert Shop(tmp_path).run("run", "--as-of", "yesterday").returncode == 2


def test_an_unexpected_error_keeps_its_message_to_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error nobody planned for may quote a row, so only its kind and place are shown."""

    def fail() -> None:
        raise ValueError("ada@example.com")

    monkeypatch.setattr(c360.cli, "app", fail)
    with pytest.raises(SystemExit) as stopped:
        c360.cli.main()

    printed = capsys.readouterr()
    assert stopped.value.code == 1
    assert "ValueError at test_cli.py" in printed.err
    assert "ada@example.com" not in printed.out + printed.err
