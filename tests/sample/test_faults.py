"""The dirt in the files is what the truth says it is."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sample.landed import SPOILT_TEXTS, SPOILT_TIMES, TABLES, Landed, is_spoilt

from c360.sample.draws import happens
from c360.sample.faults import plant_faults
from c360.sample.files import write_table
from c360.sample.raw_table import CUT_OFF, RawTable
from c360.sample.world import Faults

REFUSED = ("cut_off_line", "unparsable_amount", "unparsable_date", "implausible_time")
"""Faults for which an ingest refuses the line."""


def _found(landed: Landed, source: str, name: str) -> dict[str, int]:
    """The faults that a reader finds in a table."""
    table = landed.table(source, name)
    good = [row for row in table.good.to_dict("records") if not is_spoilt(row)]
    values = Counter(value for row in table.rows for value in row.values() if isinstance(value, str))
    good_values = Counter(value for row in good for value in row.values() if isinstance(value, str))
    found = {
        "duplicate_row": table.repeated_count,
        "cut_off_line": table.cut_off_count,
        "unparsable_date": values[SPOILT_TEXTS[0]],
        "unparsable_amount": values[SPOILT_TEXTS[1]],
        "implausible_time": sum(row.get(column) == 0 for row in table.rows for column in SPOILT_TIMES),
        "invalid_email": good_values["inconnu@"],
        "invalid_phone": good_values["06 00"],
    }
    return {fault: count for fault, count in found.items() if count}


@pytest.mark.parametrize(("source", "name"), TABLES)
def test_faults_in_a_table_are_those_in_the_truth(landed: Landed, source: str, name: str) -> None:
    """A reader of the files finds each planted fault as often as it was planted, and no others."""
    planted = landed.truth("planted_faults").query("source == @source and table == @name")

    assert _found(landed, source, name) == dict(zip(planted["fault"], planted["count"], strict=True))


def test_most_tables_are_dirty(landed: Landed) -> None:
    """Every kind of fault is planted, and every table with rows enough has some."""
    planted, files = landed.truth("planted_faults"), landed.truth("landed_files")
    large = files[files["line_count"] > 2 * Faults().smallest_table_rows]

    assert set(planted["fault"]) == {*REFUSED, "duplicate_row", "invalid_email", "invalid_phone"}
    assert len(large) > 10
    assert set(zip(large["source"], large["table"], strict=True)) <= set(
        zip(planted["source"], planted["table"], strict=True)
    )


def test_refused_rows_stay_far_below_the_limit_of_a_contract(landed: Landed) -> None:
    """Even in a small world, every table has under 3 % of lines to refuse; a contract stops a run above 5 %."""
    planted = landed.truth("planted_faults")
    refused = planted[planted["fault"].isin(REFUSED)].groupby(["source", "table"])["count"].sum()
    lines = landed.truth("landed_files").groupby(["source", "table"])["line_count"].sum()

    assert len(refused) > 10
    assert (refused / lines).max() < 0.03


def test_refusing_a_spoilt_row_loses_nothing(landed: Landed) -> None:
    """A row with a spoilt amount or date is a copy: its key also stands in a good row."""
    table = landed.table("pos", "receipt_lines")
    rows = pd.DataFrame(table.rows, dtype=object)
    spoilt = rows[(rows["line_amount"] == "1O,5O") | (rows["sold_at"] == "31/02 soir")]
    kept = table.good.set_index(["receipt_id", "line_number"]).index

    assert len(spoilt) >= 2
    assert pd.MultiIndex.from_frame(spoilt[["receipt_id", "line_number"]]).isin(kept).all()


def test_a_line_in_quotes_is_not_cut_off(tmp_path: Path) -> None:
    """An open quote would swallow the good rows behind it, so only plain lines end early, whichever are before."""
    rng = np.random.default_rng(7)
    texts = np.where(happens(rng, 0.5, 400), "one; two\nthree", "plain")
    rows = pa.table({"number": [str(number) for number in range(400)], "text": texts, "last": ["x"] * 400})
    table = RawTable("s", "t", "csv", rows, delimiter=";", faults=(CUT_OFF,))
    dirty = plant_faults(rng, table, Faults(share_per_fault=0.05))
    write_table(tmp_path / "t.csv", dirty.table, dirty.is_cut_off)
    lines = (tmp_path / "t.csv").read_text().split("\n")

    assert dirty.counts == {"cut_off_line": 20}
    assert sum(line.endswith(";plain") for line in lines) == 20
    assert dirty.table.rows.num_rows == 420


def test_the_summary_counts_every_fault(landed: Landed) -> None:
    """What the step returns is the sum of what the truth lists."""
    planted = landed.truth("planted_faults").groupby("fault")["count"].sum()

    assert landed.summary.fault_counts == planted.to_dict()
