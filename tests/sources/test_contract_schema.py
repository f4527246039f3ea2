"""The schema editors complete contracts with: made from the model, committed, and true of every contract."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from c360.core.settings import PROJECT_DIR
from c360.sources.contracts.contract import Contract
from c360.sources.contracts.schema import SCHEMA_NAME, schema_text, write_schema

SCHEMA = PROJECT_DIR / "contracts" / SCHEMA_NAME
SHIPPED = sorted([*PROJECT_DIR.glob("contracts/*.yml"), *PROJECT_DIR.glob("examples/*/contracts/*.yml")])


def faults(contract: Any) -> list[str]:
    """What the committed schema says against a contract."""
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    return [error.message for error in validator.iter_errors(contract)]


def test_committed_schema_is_the_models(tmp_path: Path) -> None:
    """Whoever changes the model writes the schema anew: `c360 contract schema`."""
    assert SCHEMA.read_text("utf-8") == schema_text()
    assert write_schema(tmp_path).read_text("utf-8") == schema_text()


def test_schema_explains_every_field() -> None:
    """An editor shows what each field means."""
    schema = json.loads(schema_text())
    parts = {"Contract": schema} | schema["$defs"]
    unexplained = [
        f"{part}.{name}"
        for part, fields in parts.items()
        for name, field in fields.get("properties", {}).items()
        if "description" not in field
    ]

    assert len(schema["properties"]) == len(Contract.model_fields) >= 6
    assert unexplained == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_contract_is_true_to_the_schema_its_first_line_names(path: Path) -> None:
    """Editors find the schema from the contract, and it has nothing against what the project ships."""
    first, _, text = path.read_text("utf-8").partition("\n")
    named = first.removeprefix("# yaml-language-server: $schema=")

    assert (path.parent / named).resolve() == SCHEMA
    assert faults(yaml.safe_load(text)) == []


def test_there_are_contracts_to_check() -> None:
    """The sweep above has something to sweep, the examples' included."""
    assert len(SHIPPED) >= 7


def test_schema_refuses_what_the_model_refuses() -> None:
    """A field that is not one, a type that is not one and a missing field are underlined."""
    contract = yaml.safe_load(SHIPPED[0].read_text("utf-8"))
    table = next(iter(contract["tables"].values()))

    assert faults(contract | {"color": "red"})
    assert faults({name: value for name, value in contract.items() if name != "owner"})
    table["columns"] |= {"amount": {"type": "number"}}
    assert faults(contract)
