"""The dirt in the files is what the truth says it is."""

import pandas as pd
import pytest
from sample.landed import Landed

from c360.privacy.normalise import normalise_email, normalise_phone

REFUSED = ("cut_off_line", "unparsable_amount", "unparsable_date")
"""Faults for which an ingest refuses the line."""


def _found(landed: Landed, source: str, name: str) -> dict[str, int]:
    """The faults that a reader finds in a file."""
    table = landed.table(source, name)
    rows = pd.DataFrame(table.rows, columns=table.columns, dtype=object)
    good = table.good
    found = {
        "duplicate_row": table.repeated_count,
        "cut_off_line": len(table.lines) - len(table.rows),
        "unparsable_amount": int((rows == "1O,5O").sum(axis=None)),
        "unparsable_date": int((rows == "31/02 soir").sum(axis=None)),
        "invalid_email": sum(normalise_email(email).value is None for email in good.get("email", pd.Series()).dropna()),
        "invalid_phone": 0,
    }
    if "phone" in good:
        numbers = good.dropna(subset="phone")[["phone", "country_code"]].itertuples(index=False)
        found["invalid_phone"] = sum(normalise_phone(phone, country).value is None for phone, country in numbers)
    return {fault: count for fault, count in found.items() if count}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("web_shop", "accounts"),
        ("web_shop", "orders"),
        ("web_shop", "order_lines"),
        ("pos", "receipt_lines"),
        ("crm", "contacts"),
        ("web_events", "events"),
        ("consents", "decisions"),
    ],
)
def test_faults_in_a_file_are_those_in_the_truth(landed: Landed, source: str, name: str) -> None:
    """A reader of the file finds each planted fault as often as it was planted, and no others."""
    planted = landed.truth("planted_faults").query("source == @source and table == @name")

    assert len(planted) >= 3
    assert _found(landed, source, name) == dict(zip(planted["fault"], planted["count"], strict=True))


def test_refused_rows_stay_far_below_the_limit_of_a_contract(landed: Landed) -> None:
    """Even in a small world, every table has under 2 % of lines to refuse; a contract stops a run above 5 %."""
    planted = landed.truth("planted_faults")
    refused = planted[planted["fault"].isin(REFUSED)].groupby(["source", "table"])["count"].sum()
    lines = landed.truth("landed_files").groupby(["source", "table"])["line_count"].sum()

    assert len(refused) == 7
    assert (refused / lines).max() < 0.02


def test_refusing_a_spoilt_row_loses_nothing(landed: Landed) -> None:
    """A row with a spoilt amount or date is a copy: its key also stands in a good row."""
    table = landed.table("pos", "receipt_lines")
    rows = pd.DataFrame(table.rows, columns=table.columns, dtype=object)
    spoilt = rows[(rows["line_amount"] == "1O,5O") | (rows["sold_at"] == "31/02 soir")]
    kept = table.good.set_index(["receipt_id", "line_number"]).index

    assert len(spoilt) >= 2
    assert pd.MultiIndex.from_frame(spoilt[["receipt_id", "line_number"]]).isin(kept).all()


def test_the_summary_counts_every_fault(landed: Landed) -> None:
    """What the step returns is the sum of what the truth lists."""
    planted = landed.truth("planted_faults").groupby("fault")["count"].sum()

    assert landed.summary.fault_counts == planted.to_dict()
