"""What a gate knows about the version that is published now."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Previous:
    """Totals of customer 360 as consumers see it today."""

    customer_count: int
    order_count: int
