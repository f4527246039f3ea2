from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from c360.core.errors import ConfigurationError
from c360.core.settings import Settings
from c360.core.warehouse import Warehouse, open_warehouse
from ml.model import Model
from ml.rows import read_customers, read_labelled_rows

AS_OF = date(2026, 7, 1)


@pytest.fixture
def model(churn: Model) -> Model:
    """A model of two columns from two tables."""
    return replace(
        churn,
        features={"ftr_customers__rfm": ("recency_days",), "ftr_customers__engagement": ("basket_90d_count",)},
        baseline_columns=("recency_days",),
    )


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """Two customers at a few cut-offs; engagement knows one of them once; a label whose window is still open."""
    with open_warehouse(Settings(data_dir=tmp_path)) as opened:
        opened.execute("create schema features")
        opened.execute(
            "create table features.ftr_customers__rfm as select * from (values "
            "('c_b', date '2026-07-01', 3), ('c_a', date '2026-07-01', 4), ('c_b', date '2026-04-02', 5), "
            "('c_a', date '2026-04-02', 6), ('c_a', date '2026-01-02', 7), ('c_a', date '2026-06-01', 8)) "
            "t(customer_id, as_of_date, recency_days)"
        )
        opened.execute(
            "create table features.ftr_customers__engagement as "
            "select 'c_a' as customer_id, date '2026-04-02' as as_of_date, 2::decimal(18, 4) as basket_90d_count"
        )
        opened.execute(
            "create table features.lbl_churn as select customer_id, as_of_date, recency_days > 5 as is_churned "
            "from features.ftr_customers__rfm where as_of_date < date '2026-07-01'"
        )
        yield opened


def test_labelled_rows_come_in_one_order_with_numbers_only(warehouse: Warehouse, model: Model) -> None:
    """Rows are ordered by cut-off and customer; features are floats, the label 0 or 1; what is missing stays empty."""
    rows = read_labelled_rows(warehouse, model, AS_OF)
    days = rows["as_of_date"].dt.date.astype(str).tolist()
    assert list(zip(days, rows["customer_id"], rows["is_churned"], strict=True)) == [
        ("2026-01-02", "c_a", 1),
        ("2026-04-02", "c_a", 1),
        ("2026-04-02", "c_b", 0),
    ]
    assert [str(kind) for kind in rows[list(model.columns)].dtypes] == ["float64", "float64"]
    assert rows["basket_90d_count"].isna().tolist() == [True, False, True]


def test_a_label_whose_window_is_not_over_is_not_read(warehouse: Warehouse, model: Model) -> None:
    """A cut-off less than 90 days before the run has an open label; it is never read, even if the table holds it."""
    rows = read_labelled_rows(warehouse, model, AS_OF)
    assert rows["as_of_date"].max() == pd.Timestamp("2026-04-02")
    assert read_labelled_rows(warehouse, model, date(2026, 4, 2))["as_of_date"].max() == pd.Timestamp("2026-01-02")
    assert read_labelled_rows(warehouse, model, date(2026, 4, 1)).empty


def test_customers_of_the_day_are_read_even_without_engagement(warehouse: Warehouse, model: Model) -> None:
    """The first feature table says who is scored; a customer the others do not know has missing values there."""
    rows = read_customers(warehouse, model, AS_OF)
    assert rows["customer_id"].tolist() == ["c_a", "c_b"]
    assert rows["basket_90d_count"].isna().all()


def test_a_missing_table_or_column_is_named_with_the_way_out(warehouse: Warehouse, model: Model) -> None:
    """A model that reads what was not built ends in a configuration error naming the column and the command."""
    wishful = replace(model, features={**model.features, "ftr_customers__moods": ("mood_rate",)})
    with pytest.raises(ConfigurationError, match=r"features\.ftr_customers__moods\.mood_rate.*c360 build features"):
        read_customers(warehouse, wishful, AS_OF)
    warehouse.execute("drop table features.lbl_churn")
    with pytest.raises(ConfigurationError, match=r"features\.lbl_churn\.is_churned"):
        read_labelled_rows(warehouse, model, AS_OF)
