"""What must hold before customer 360 is used or published.

dbt has already checked shape, keys and logic row by row. These rules look at the table as a whole: is it fresh, is it
about the right day, and does it look like the version before.
"""

from datetime import date

import great_expectations.expectations as gxe

from expectations.previous import Previous

NEWEST_ORDER_MAX_AGE_DAYS = 7
"""A shop sells every week; an older newest order means a source has stopped arriving."""
VERSION_CHANGE = (0.5, 2.0)
"""How far a count may move from the published version of an earlier day, as a share of it."""


def rules(as_of: date, previous: Previous | None) -> dict[str, gxe.Expectation]:
    """Each rule by the sentence that names it in logs and reports.

    Without a `previous` version, on the first day, the rules that compare with it are left out.
    """
    found: dict[str, gxe.Expectation] = {
        "there are customers": gxe.ExpectTableRowCountToBeBetween(min_value=1),
        "every customer has an id": gxe.ExpectColumnValuesToNotBeNull(column="customer_id"),
        "every customer appears once": gxe.ExpectColumnValuesToBeUnique(column="customer_id"),
        "every row speaks about the run's date": gxe.ExpectColumnDistinctValuesToBeInSet(
            column="as_of_date", value_set=[as_of.isoformat()]
        ),
        "no order lies in the future": gxe.ExpectColumnValuesToBeBetween(column="days_since_last_order", min_value=0),
        "the newest order is recent": gxe.ExpectColumnMinToBeBetween(
            column="days_since_last_order", max_value=NEWEST_ORDER_MAX_AGE_DAYS
        ),
        "revenue is positive in total": gxe.ExpectColumnSumToBeBetween(
            column="revenue_amount", min_value=0, strict_min=True
        ),
        **{
            f"{score} lies between 1 and 5": gxe.ExpectColumnValuesToBeBetween(column=score, min_value=1, max_value=5)
            for score in ("rfm_recency_score", "rfm_frequency_score", "rfm_monetary_score")
        },
    }
    return found if previous is None else found | _rules_against(previous)


def _rules_against(previous: Previous) -> dict[str, gxe.Expectation]:
    lowest, highest = VERSION_CHANGE
    return {
        "the number of known customers is like the previous version's": gxe.ExpectTableRowCountToBeBetween(
            min_value=int(previous.customer_count * lowest),
            max_value=int(previous.customer_count * highest),
            row_condition="not is_anonymous",
            condition_parser="pandas",
        ),
        "the number of orders is like the previous version's": gxe.ExpectColumnSumToBeBetween(
            column="order_count", min_value=previous.order_count * lowest, max_value=previous.order_count * highest
        ),
    }
