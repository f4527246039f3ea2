"""Changed rules are approved by what they say."""

from pathlib import Path

from c360.identity.history.approval import approve, is_approved, rules_digest
from c360.identity.rules import Rules

EMAIL = Rules.model_validate({"identifiers": {"email": {}}})


def test_rules_are_told_apart_by_what_they_say_about_people() -> None:
    """Order of trust and limits count; the share that may change does not."""
    both = {"email": {}, "phone": {}}
    said = [
        EMAIL,
        Rules.model_validate({"identifiers": {"email": {"max_people": 2}}}),
        Rules.model_validate({"identifiers": both}),
        Rules.model_validate({"identifiers": dict(reversed(both.items()))}),
    ]

    assert len({rules_digest(rules) for rules in said}) == 4
    assert rules_digest(EMAIL.model_copy(update={"max_changed_share": 1.0})) == rules_digest(EMAIL)


def test_approved_rules_stay_approved(tmp_path: Path) -> None:
    """Each digest for itself, beside those approved before."""
    for digest in ("second", "first", "first"):
        approve(tmp_path / "identity", digest)

    assert is_approved(tmp_path / "identity", "first")
    assert is_approved(tmp_path / "identity", "second")
    assert not is_approved(tmp_path / "identity", "third")
    assert not is_approved(tmp_path / "elsewhere", "first")
