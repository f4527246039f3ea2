"""Contract files: read, checked against the model and against what their SQL can do, with every fault named."""

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import duckdb
import yaml
from pydantic import ValidationError

from c360.core.errors import ContractError
from c360.core.sql import quoted
from c360.sources.contracts.contract import Contract, Refusal, Table
from c360.sources.contracts.mapping import faults_of_mappings
from c360.sources.values.casting import SQL_TYPES


def load_contracts(folder: Path) -> list[Contract]:
    """Every contract in `folder`, by source.

    Raises:
        ContractError: there is none, or one says something it must not; every fault of a file is named.
    """
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise ContractError(f"There is no contract (<source>.yml) in {folder}. Write one per source of this shop.")
    return [load_contract(path) for path in paths]


def load_contract(path: Path) -> Contract:
    """One contract.

    Raises:
        ContractError: the file says something a contract must not; every fault is named.
    """
    try:
        contract = Contract.model_validate(_read_yaml(path))
    except ValidationError as error:
        raise _fault(path, _listed(error)) from None
    if contract.source != path.stem:
        raise _fault(path, [f"source: is {contract.source!r}, but the file is named for {path.stem!r}"])
    if faults := _faults_of_refusals(contract) + faults_of_mappings(contract):
        raise _fault(path, faults)
    return contract


class _OneKeyOnceLoader(yaml.SafeLoader):
    """YAML in which a key that is written twice is a fault, not an overwriting."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for (key_node, _), key in zip(node.value, keys, strict=True):
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"{key!r} is written twice", problem_mark=key_node.start_mark)
        return super().construct_mapping(node, deep)


def _read_yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text("utf-8"), _OneKeyOnceLoader)  # noqa: S506  a SafeLoader
    except UnicodeDecodeError:
        raise _fault(path, ["is not UTF-8"]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "the file"
        raise _fault(path, [f"{where}: {getattr(error, 'problem', None) or 'is not YAML'}"]) from None


def _faults_of_refusals(contract: Contract) -> list[str]:
    with duckdb.connect() as engine:
        return [
            f"tables.{name}.refuse.{number}.when: {fault}"
            for name, table in contract.tables.items()
            for number, refusal in enumerate(table.refuse)
            if (fault := _fault_of_refusal(engine, table, refusal))
        ]


def _fault_of_refusal(engine: duckdb.DuckDBPyConnection, table: Table, refusal: Refusal) -> str | None:
    columns = ", ".join(f"null::{SQL_TYPES[column.type]} as {quoted(name)}" for name, column in table.columns.items())
    try:
        described = engine.execute(f"describe select ({refusal.when}) from (select {columns}) where true").fetchall()
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return None if described[0][1] == "BOOLEAN" else f"gives {described[0][1]}, not true or false"


def _listed(error: ValidationError) -> list[str]:
    return [
        f"{_place(fault['loc'])}: {line}"
        for fault in error.errors()
        for line in fault["msg"].removeprefix("Value error, ").splitlines()
    ]


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the file"


def _fault(path: Path, faults: list[str]) -> ContractError:
    listed = "".join(f"\n  {fault}" for fault in faults)
    return ContractError(f"The contract {path} cannot be used:{listed}\nCorrect it and run again.")
