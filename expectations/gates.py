"""The doors: run a suite over a table and say, rule by rule, whether it holds.

Results are asked for as `BOOLEAN_ONLY`: every other format of Great Expectations carries failing values.
"""

import logging
import os
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from types import ModuleType
from typing import Any

import pandas as pd

from c360.core.errors import ConfigurationError
from expectations.previous import Previous

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
logging.getLogger("great_expectations").setLevel(logging.WARNING)


@dataclass(frozen=True)
class RuleResult:
    """Whether one rule held."""

    rule: str
    is_passed: bool


def check(gate: str, rows: pd.DataFrame, as_of: date, previous: Previous | None) -> list[RuleResult]:
    """Check `rows` against the suite of `gate`, in the order the suite states its rules.

    Raises:
        ConfigurationError: no suite guards `gate`.
    """
    rules = _suite(gate).rules(as_of, previous)
    outcomes = _validate(gate, rows, list(rules.values()))
    return [RuleResult(rule, is_passed) for rule, is_passed in zip(rules, outcomes, strict=True)]


def _suite(gate: str) -> ModuleType:
    try:
        return import_module(f"expectations.suites.{gate}")
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"No suite guards `{gate}`: expectations/suites/{gate}.py is missing. Write it, or name another gate."
        ) from error


def _validate(gate: str, rows: pd.DataFrame, expectations: list[Any]) -> list[bool]:
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = (
        context.data_sources.add_pandas("warehouse")
        .add_dataframe_asset(gate)
        .add_batch_definition_whole_dataframe("all rows")
        .get_batch({"dataframe": rows})
    )
    # One by one: a suite of configurations drops the ones it cannot read, and equal ones, without failing.
    return [bool(batch.validate(expectation, result_format="BOOLEAN_ONLY").success) for expectation in expectations]
