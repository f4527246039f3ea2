"""Train a model on the past, test it on later customers, and keep it only when it beats its baseline."""

from typing import TYPE_CHECKING

import pyarrow as pa

from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.warehouse import open_warehouse

if TYPE_CHECKING:
    from ml.evaluate import Evaluation


def train(run: RunContext, model_name: str) -> "Evaluation":
    """Train `model_name`, record how it did in `pipeline.model_evaluations`, and leave an artifact if it may be used.

    Raises:
        ConfigurationError: there is no such model, or a table it reads has not been built.
        C360Error: its split would let it see its own test window.
    """
    from ml.artifacts import save_artifact
    from ml.registry import find_model
    from ml.rows import read_labelled_rows
    from ml.train import train_model

    model = find_model(model_name)
    with open_warehouse(run.settings) as warehouse:
        training = train_model(model, read_labelled_rows(warehouse, model, run.as_of))
        save_artifact(run.settings.artifacts_dir, training, run.as_of)
        rows = _as_rows(run, model_name, training.evaluation)
        warehouse.replace_rows("model_evaluations", rows, {"model_name": model_name, "as_of_date": run.as_of})
    get_logger().info(
        "model_trained", model=model_name, is_used=training.evaluation.is_used, reason=training.evaluation.reason
    )
    return training.evaluation


def _as_rows(run: RunContext, model_name: str, evaluation: "Evaluation") -> pa.Table:
    metrics, times = evaluation.metrics, len(evaluation.metrics)
    return pa.table(
        {
            "model_name": pa.array([model_name] * times, pa.string()),
            "as_of_date": pa.array([run.as_of] * times, pa.date32()),
            "metric_name": pa.array([metric.name for metric in metrics], pa.string()),
            "model_value": pa.array([metric.model_value for metric in metrics], pa.float64()),
            "baseline_value": pa.array([metric.baseline_value for metric in metrics], pa.float64()),
            "is_used": pa.array([evaluation.is_used] * times, pa.bool_()),
            "train_row_count": pa.array([evaluation.train_row_count] * times, pa.int64()),
            "test_row_count": pa.array([evaluation.test_row_count] * times, pa.int64()),
            "test_cutoff_date": pa.array([evaluation.test_cutoff] * times, pa.date32()),
            "reason": pa.array([evaluation.reason] * times, pa.string()),
        }
    )
