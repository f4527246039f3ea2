"""The rules file: what it may say, and what it says when it is wrong."""

import re
from pathlib import Path

import pytest

from c360.core.errors import ConfigurationError
from c360.core.settings import Settings
from c360.identity.rules import load_rules


def written(path: Path, text: str) -> Path:
    """The path of a rules file with this text."""
    path.write_text(text, encoding="utf-8")
    return path


def test_the_rules_that_come_with_the_project_can_be_used() -> None:
    """The committed file loads, trusts e-mails before the card a family shares, and lets no device tie people."""
    rules = load_rules(Settings().identity_rules_path)

    types = list(rules.identifiers)
    assert types.index("email") < types.index("loyalty_number")
    assert rules.identifiers["device_id"].joins == "anonymous"


def test_an_identifier_type_is_one_line(tmp_path: Path) -> None:
    """A bare name, a name with its column and a name with limits all make a type."""
    path = written(tmp_path / "r.yml", "identifiers:\n  tax:\n  mail: e_mail\n  phone: {max_per_person: 2}\n")

    rules = load_rules(path)

    assert [rules.column_of(name) for name in rules.identifiers] == ["tax", "e_mail", "phone"]
    assert rules.identifiers["phone"].max_per_person == 2


@pytest.mark.parametrize(
    ("value", "is_blocked"),
    [("null", True), ("test@shop.fr", True), ("protest@shop.fr", False), ("0000", True), ("00001", False)],
)
def test_a_blocked_pattern_fits_whole_values(tmp_path: Path, value: str, is_blocked: bool) -> None:
    """`*` stands for any text, and nothing else is special."""
    rules = load_rules(written(tmp_path / "r.yml", 'identifiers:\n  email: {blocked: ["test@*"]}\n'))

    assert bool(re.fullmatch(rules.blocked_patterns("email"), value)) is is_blocked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("identifiers: {email: {maximum: 3}}", "identifiers.email.maximum: there is no such key"),
        ("attributes: {nom: surname}", "the kinds are first_name, last_name"),
        ("identifiers: {email: {joins: all}}", "identifiers.email.joins"),
        ("identifiers: {email: {max_per_person: 0}}", "greater than or equal to 1"),
        ("matching: {link_probability: 2}", "matching.link_probability"),
        ("- email", "must be keys with values"),
        ("a: [", "not YAML"),
    ],
)
def test_a_wrong_rules_file_says_what_is_wrong_and_where(tmp_path: Path, text: str, said: str) -> None:
    """Each fault is named with its place and the document that helps."""
    with pytest.raises(ConfigurationError) as refused:
        load_rules(written(tmp_path / "r.yml", text))

    assert said in str(refused.value)
    assert "docs/identity.md" in str(refused.value)


def test_a_missing_rules_file_is_named(tmp_path: Path) -> None:
    """Whoever mistypes the path reads the path."""
    with pytest.raises(ConfigurationError, match="no rules file"):
        load_rules(tmp_path / "none.yml")
