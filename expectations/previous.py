"""What a gate knows about the published version of an earlier day."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Previous:
    """Totals of customer 360 in the newest published version about an earlier day."""

    customer_count: int
    order_count: int
