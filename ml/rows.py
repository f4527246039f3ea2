"""Rows for a model, read from the schema `features` in one order, so that the same tables give the same artifact."""

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd

from c360.core.errors import ConfigurationError
from c360.core.warehouse import Warehouse
from ml.model import KEY_COLUMNS, Model


def read_labelled_rows(warehouse: Warehouse, model: Model, as_of: date) -> pd.DataFrame:
    """Features and label of every customer at every cut-off whose label window has ended before `as_of`.

    Raises:
        ConfigurationError: a table or column the model names is not in the warehouse.
    """
    label = model.label
    _check_columns(warehouse, model, {**model.features, label.table: (label.column,)})
    return warehouse.frame(
        f"select {_selected(model)}, cast({label.table}.{label.column} as integer) as {label.column} "
        f"from {_joined(model)} join features.{label.table} using (customer_id, as_of_date) "
        "where as_of_date <= ? order by as_of_date, customer_id",
        [as_of - timedelta(days=label.horizon_days)],
    )


def read_customers(warehouse: Warehouse, model: Model, as_of: date) -> pd.DataFrame:
    """Features of every customer to score at `as_of`.

    Raises:
        ConfigurationError: a table or column the model names is not in the warehouse.
    """
    _check_columns(warehouse, model, model.features)
    return warehouse.frame(
        f"select {_selected(model)} from {_joined(model)} where as_of_date = ? order by customer_id", [as_of]
    )


def _selected(model: Model) -> str:
    features = [
        f"cast({table}.{column} as double) as {column}"
        for table, columns in model.features.items()
        for column in columns
    ]
    return ", ".join([*KEY_COLUMNS, *features])


def _joined(model: Model) -> str:
    first, *others = model.features
    return " ".join(
        [f"features.{first}", *(f"left join features.{table} using (customer_id, as_of_date)" for table in others)]
    )


def _check_columns(warehouse: Warehouse, model: Model, wanted: Mapping[str, tuple[str, ...]]) -> None:
    missing = [
        f"features.{table}.{column}"
        for table, columns in wanted.items()
        for column in sorted({*KEY_COLUMNS, *columns} - _present(warehouse, table))
    ]
    if missing:
        raise ConfigurationError(
            f"Model `{model.name}` reads columns that are not in the warehouse: {', '.join(missing)}. Build them with "
            f"`c360 build features`, or correct ml/models/{model.name}.py."
        )


def _present(warehouse: Warehouse, table: str) -> set[str]:
    rows = warehouse.rows(
        "select column_name from information_schema.columns where table_schema = 'features' and table_name = ?", [table]
    )
    return {str(name) for (name,) in rows}
