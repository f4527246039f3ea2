"""Audience files say what is wrong with them."""

from pathlib import Path

import pytest
import yaml

from c360.audiences.definition import load_audience, load_audiences
from c360.core.errors import ConfigurationError

GOOD = {
    "name": "recent_buyers",
    "description": "Customers who bought in the last month.",
    "owner": "crm-marketing",
    "use": "retargeting",
    "where": "days_since_last_order < 30",
    "purposes": ["ad_user_data", "ad_personalization"],
    "destinations": ["meta"],
    "holdout_rate": 0.1,
}


def write(folder: Path, content: object, name: str = "recent_buyers.yml") -> Path:
    """The path of a file with this content."""
    path = folder / name
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    """Every field arrives as written."""
    audience = load_audience(write(tmp_path, GOOD))

    assert audience.model_dump() == GOOD


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": "other"}, "make them the same"),
        ({"name": "Recent Buyers"}, "`name` is wrong"),
        ({"owner": None}, "`owner` is wrong"),
        ({"use": "spam"}, "`use` is wrong"),
        ({"purposes": []}, "`purposes` is wrong"),
        ({"purposes": ["ad_stuff"]}, "`purposes.0` is wrong"),
        ({"destinations": ["meta", "meta"]}, "names something twice"),
        ({"holdout_rate": 1.0}, "`holdout_rate` is wrong"),
        ({"holdout_rate": "0.1"}, "`holdout_rate` is wrong"),
        ({"holdout": 0.1}, "`holdout` is not a field"),
        ({"description": "Customers with diabetes who buy shoes."}, "says `diabetes`"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, change: dict[str, object], complaint: str) -> None:
    """The error names the file, the field and the fault."""
    with pytest.raises(ConfigurationError, match=complaint) as error:
        load_audience(write(tmp_path, GOOD | change))

    assert "recent_buyers.yml" in str(error.value)


@pytest.mark.parametrize("field", sorted(GOOD))
def test_every_field_is_needed(tmp_path: Path, field: str) -> None:
    """Nothing about an audience is assumed, its holdout least of all."""
    with pytest.raises(ConfigurationError, match=f"`{field}` is missing"):
        load_audience(write(tmp_path, {key: value for key, value in GOOD.items() if key != field}))


@pytest.mark.parametrize("text", ["name: [unclosed", "- a\n- list\n", ""])
def test_what_is_not_a_mapping_is_refused(tmp_path: Path, text: str) -> None:
    """Broken YAML, a list and an empty file are told apart from an audience."""
    with pytest.raises(ConfigurationError, match=r"recent_buyers\.yml"):
        load_audience(write(tmp_path, text))


def test_a_sensitive_name_is_refused(tmp_path: Path) -> None:
    """The name of an audience is inspected as its description is."""
    with pytest.raises(ConfigurationError, match="says `gambling`"):
        load_audience(write(tmp_path, GOOD | {"name": "gambling_lapsed"}, "gambling_lapsed.yml"))


def test_a_folder_is_read_in_order_of_names(tmp_path: Path) -> None:
    """Every file is read; a missing folder is an error, an empty one is no audience."""
    for name in ("b_second", "a_first"):
        write(tmp_path, GOOD | {"name": name}, f"{name}.yml")
    (tmp_path / "none").mkdir()

    assert [audience.name for audience in load_audiences(tmp_path)] == ["a_first", "b_second"]
    assert load_audiences(tmp_path / "none") == []
    with pytest.raises(ConfigurationError, match="no folder"):
        load_audiences(tmp_path / "absent")
