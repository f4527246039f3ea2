"""The tills: one export of the past, then several files a day, one for each group of stores."""

from datetime import timedelta

import numpy as np
import pyarrow as pa

from c360.sample.landing.columns import money, numbered, only_where, taken, text, wall_clock
from c360.sample.landing.web_shop import lines_of
from c360.sample.landing.written import emails
from c360.sample.raw_table import CUT_OFF, DUPLICATE, RawTable, unparsable_amount, unparsable_date
from c360.sample.shopping import NOBODY
from c360.sample.story import Story
from c360.sample.world import Writing

DAYS_APART = 3
"""The last days, which land in files of their own."""
STORES_PER_GROUP = 4
"""Stores whose tills one server collects."""
FAULTS = (DUPLICATE, CUT_OFF, unparsable_amount("line_amount"), unparsable_date("sold_at"))


def write(rng: np.random.Generator, story: Story, writing: Writing) -> list[RawTable]:
    """The receipt lines, the past first."""
    lines = lines_of(story, is_store=True)
    order = story.purchases.orders.iloc[lines["order"].to_numpy()]
    person = order["person"].to_numpy()
    is_left = order["leaves_email"].to_numpy(dtype=bool) & (person != NOBODY)
    store = order["store"].to_numpy()
    rows = pa.table(
        {
            "receipt_id": text(lines["order_id"]),
            "line_number": numbered("", lines["line_number"].to_numpy()),
            "store_id": numbered("S", store, 2),
            "sold_at": wall_clock(story.timeline.store_times(lines["day"].to_numpy())),
            "loyalty_number": only_where(
                taken(story.people["loyalty_number"], person), order["shows_card"].to_numpy(dtype=bool)
            ),
            "email": emails(rng, story.people["email"].iloc[person].reset_index(drop=True), writing, is_left),
            "sku": text(lines["sku"]),
            "category": text(lines["category"]),
            "quantity": numbered("", lines["quantity"].to_numpy()),
            "line_amount": money(lines["quantity"] * lines["unit_cents"]),
            "currency_code": text(order["currency_code"]),
        }
    )
    days_left = story.timeline.day_count - np.floor(lines["day"].to_numpy()).astype("int64")
    return _files(rows, days_left, (store - 1) // STORES_PER_GROUP, story)


def _files(rows: pa.Table, days_left: np.ndarray, group: np.ndarray, story: Story) -> list[RawTable]:
    until = story.timeline.until
    past = rows.filter(pa.array(days_left > DAYS_APART))
    tables = [
        RawTable(
            "pos",
            "receipt_lines",
            "csv.gz",
            past,
            day=until - timedelta(days=DAYS_APART + 1),
            suffix="_history",
            faults=FAULTS,
            late_by="sold_at",
            is_sent_twice=True,
        )
    ]
    for left in range(DAYS_APART, 0, -1):
        for number in np.unique(group).tolist():
            chosen = rows.filter(pa.array((days_left == left) & (group == number)))
            if len(chosen):
                day = until - timedelta(days=left)
                tables.append(
                    RawTable(
                        "pos", "receipt_lines", "csv.gz", chosen, day=day, suffix=f"_group{number + 1}", faults=FAULTS
                    )
                )
    return tables
