"""Estimators that models share. scikit-learn is imported when one is built: it takes seconds."""

from ml.model import Classifier

LOGISTIC_TRUSTED_TYPES = ("numpy.dtype",)
"""What opening a `logistic()` artifact needs beyond the types that skops trusts by itself."""


def logistic() -> Classifier:
    """Logistic regression on the logarithm of every column.

    A missing value counts as the column's median, and that it was missing counts too; a column without any value counts
    as zero. The logarithm is `arcsinh`, which behaves as log(2x) for large x and, unlike log1p, takes the negative
    amounts of customers who returned more than they bought.
    """
    import numpy as np
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    pipeline: Classifier = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        FunctionTransformer(np.arcsinh),
        StandardScaler(),
        LogisticRegression(max_iter=1000, random_state=0),
    )
    return pipeline
