"""Conformance: every audience of the repository compiles against the real columns and models."""

from pathlib import Path

import pytest
import yaml

from c360.audiences.compile import compile_audience
from c360.audiences.definition import load_audience

ROOT = Path(__file__).parents[2]
AUDIENCES = sorted((ROOT / "audiences").glob("*.yml"))
MODELS = sorted(path.stem for path in (ROOT / "ml" / "models").glob("*.py") if not path.stem.startswith("_"))


def columns_of_customer_360() -> list[str]:
    """The columns that the contract of customer_360 promises."""
    contract = yaml.safe_load((ROOT / "dbt_project/models/customer_360/customer_360.yml").read_text(encoding="utf-8"))
    return [column["name"] for model in contract["models"] for column in model["columns"]]


def test_there_are_audiences_and_columns() -> None:
    """The sweep below has something to sweep."""
    assert {"best_customers", "high_value_lapsing"} <= {path.stem for path in AUDIENCES}
    assert len(columns_of_customer_360()) >= 20
    assert "churn" in MODELS


@pytest.mark.parametrize("path", AUDIENCES, ids=lambda path: path.stem)
def test_the_audience_compiles(path: Path) -> None:
    """Its file is valid, and its condition names only columns and models that exist."""
    assert "select customer.customer_id" in compile_audience(load_audience(path), columns_of_customer_360(), MODELS).sql


@pytest.mark.parametrize("path", AUDIENCES, ids=lambda path: path.stem)
def test_the_audience_asks_for_consent_and_keeps_a_holdout(path: Path) -> None:
    """Both ad purposes are asked for, and lift can be measured."""
    audience = load_audience(path)

    assert {"ad_user_data", "ad_personalization"} <= set(audience.purposes)
    assert audience.holdout_rate > 0
