"""Rules assumed from usual column names: known kinds only, addresses and numbers tie, nothing else is guessed."""

from pathlib import Path

import pytest

from c360.core.errors import ConfigurationError
from c360.identity.record_files.column_names import RECORD_IDS, USUAL_NAMES, as_yaml, assume_rules
from c360.identity.rules import ATTRIBUTE_KINDS, load_rules

ROOT = Path(__file__).parents[2]


def test_usual_names_in_any_case_are_known() -> None:
    """Spaces, capitals and camel case are no other name; what is not known is left out."""
    rules = assume_rules(["cluster", "Unique ID", "givenName", "SURNAME", "date of birth", "E-Mail", "mobile"])

    assert rules.record_id == "Unique ID"
    assert rules.attributes == {
        "givenName": "first_name", "SURNAME": "last_name", "date of birth": "birth_date", "E-Mail": "email",
        "mobile": "phone",
    }  # fmt: skip
    assert {name: rules.column_of(name) for name in rules.identifiers} == {"phone": "mobile", "email": "E-Mail"}


def test_the_surest_name_of_a_record_wins() -> None:
    """`record_id` before `id`, wherever it stands."""
    assert [assume_rules([*reversed(RECORD_IDS[place:]), "dob"]).record_id for place in range(4)] == list(RECORD_IDS)


def test_every_kind_has_a_usual_name_and_no_name_two() -> None:
    """The table is whole and says one thing about a name."""
    names = [name for names in USUAL_NAMES.values() for name in names.split()]

    assert set(USUAL_NAMES) == set(ATTRIBUTE_KINDS)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("columns", [["id", "amount"], ["name", "email"], []])
def test_columns_that_say_nothing_ask_for_rules(columns: list[str]) -> None:
    """Without an id of the record or anything about a person there is nothing to assume."""
    with pytest.raises(ConfigurationError, match=r"docs/identity\.md"):
        assume_rules(columns)


@pytest.mark.parametrize("name", ["fake_1000", "febrl_3", "historical_50k"])
def test_the_public_sets_need_no_rules(name: str) -> None:
    """Their columns are what the rules written for them say."""
    written = load_rules(ROOT / "benchmarks" / "identity" / f"{name}.yml")
    assumed = assume_rules(["cluster", written.record_id, *written.attributes])

    assert assumed.attributes == written.attributes
    assert assumed.record_id == written.record_id


def test_what_was_assumed_is_a_rules_file(tmp_path: Path) -> None:
    """Saved as it is printed, it gives the same rules."""
    rules = assume_rules(["rec_id", "Date of Birth", "e-mail"])
    saved = tmp_path / "rules.yml"
    saved.write_text(as_yaml(rules), encoding="utf-8")

    assert load_rules(saved) == rules
