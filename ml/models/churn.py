"""Churn: the customer bought in the last 365 days and will buy nothing in the next 90.

Pairs of columns rank later customers as well as boosted trees do, and an artifact of trees holds node tables that
nobody can check before they are used.
"""

from ml.estimators import LOGISTIC_TRUSTED_TYPES, logistic, logistic_of_pairs
from ml.model import Label, Model

MODEL = Model(
    name="churn",
    label=Label(table="lbl_churn", column="is_churned", horizon_days=90),
    features={
        "ftr_customers__rfm": (
            "recency_days",
            "frequency_365d_count",
            "monetary_365d_amount",
            "tenure_days",
            "order_90d_count",
            "revenue_90d_amount",
            "mean_gap_days",
            "return_365d_rate",
            "store_order_365d_rate",
        ),
        "ftr_customers__engagement": (
            "web_event_30d_count",
            "web_event_90d_count",
            "product_view_90d_count",
            "basket_90d_count",
            "days_since_last_web_event",
        ),
    },
    baseline_columns=("recency_days", "frequency_365d_count", "monetary_365d_amount"),
    build_estimator=logistic_of_pairs,
    build_baseline=logistic,
    trusted_types=LOGISTIC_TRUSTED_TYPES,
)
