"""What a gate knows about the published version of an earlier day."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Previous:
    """Totals of customer 360 in the newest published version about an earlier day."""

    customer_count: int
    """Anonymous visitors left out: a campaign or a crawler brings as many as it likes."""
    order_count: int
