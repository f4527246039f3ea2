"""The dirt in the files: a few rows twice, a few spoilt copies, a few identifiers nobody can use. All counted.

A spoilt row is an extra copy that stands behind the good row, as after a transfer that failed and was repeated: an
ingest that refuses it loses nothing. Unusable identifiers replace what a good row had; its other columns stay good.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from c360.sample.draws import Flags
from c360.sample.landing import RawTable
from c360.sample.world import Faults


@dataclass(frozen=True)
class Fault:
    """One kind of fault of a table, and the column it strikes if it strikes one."""

    kind: str
    column: str | None = None


DUPLICATE = Fault("duplicate_row")
RAGGED = Fault("ragged_line")
"""A line of CSV that ends before its last field."""
MALFORMED = Fault("malformed_json")
"""A line of JSON that ends before its last field."""
BAD_AMOUNT = Fault("unparsable_amount", "line_amount")
BAD_EMAIL = Fault("invalid_email", "email")
BAD_PHONE = Fault("invalid_phone", "phone")
PLANNED = {
    ("web_shop", "accounts"): (DUPLICATE, RAGGED, BAD_EMAIL, BAD_PHONE),
    ("web_shop", "orders"): (DUPLICATE, RAGGED, Fault("unparsable_date", "ordered_at"), BAD_EMAIL, BAD_PHONE),
    ("web_shop", "order_lines"): (DUPLICATE, RAGGED, BAD_AMOUNT),
    ("pos", "receipt_lines"): (DUPLICATE, RAGGED, BAD_AMOUNT, Fault("unparsable_date", "sold_at")),
    ("crm", "contacts"): (DUPLICATE, RAGGED, Fault("unparsable_date", "updated_at"), BAD_EMAIL, BAD_PHONE),
    ("web_events", "events"): (DUPLICATE, MALFORMED, Fault("unparsable_date", "occurred_at")),
    ("consents", "decisions"): (DUPLICATE, MALFORMED, Fault("unparsable_date", "decided_at")),
}
"""The faults of each table."""
SPOILT_VALUES = {
    "unparsable_amount": "1O,5O",
    "unparsable_date": "31/02 soir",
    "invalid_email": "inconnu@",
    "invalid_phone": "06 00",
}
UNUSABLE = (BAD_EMAIL, BAD_PHONE)
"""Faults that strike the row itself. The others strike a copy."""


@dataclass(frozen=True)
class DirtyTable:
    """A table with its faults."""

    table: RawTable
    is_cut_off: Flags
    """Rows whose line ends early."""
    counts: dict[str, int]
    """Kind of fault to rows."""


def plant_faults(rng: np.random.Generator, table: RawTable, faults: Faults) -> DirtyTable:
    """`table` with as many rows of every planned fault as `faults` says; a small table stays as it is."""
    row_count = len(table.rows)
    if row_count < faults.smallest_table_rows:
        return DirtyTable(table, np.zeros(row_count, dtype=bool), {})
    count = max(1, round(faults.share_per_fault * row_count))
    chosen = {fault: _chosen_rows(rng, table.rows, fault, count) for fault in PLANNED[table.source, table.name]}
    rows = _spoilt(table.rows, chosen)
    return DirtyTable(
        replace(table, rows=rows.drop(columns="is_cut_off")),
        rows["is_cut_off"].to_numpy(dtype=bool),
        {fault.kind: len(positions) for fault, positions in chosen.items()},
    )


def _spoilt(rows: pd.DataFrame, chosen: dict[Fault, np.ndarray]) -> pd.DataFrame:
    """The rows with unusable identifiers, and behind them their spoilt copies."""
    rows = rows.assign(is_cut_off=False)
    for fault, positions in chosen.items():
        if fault in UNUSABLE:
            rows.loc[positions, fault.column] = SPOILT_VALUES[fault.kind]
    copies = [_copies(rows, fault, positions) for fault, positions in chosen.items() if fault not in UNUSABLE]
    return pd.concat([rows, *copies]).sort_index(kind="stable").reset_index(drop=True)


def _chosen_rows(rng: np.random.Generator, rows: pd.DataFrame, fault: Fault, count: int) -> np.ndarray:
    """Rows that have a value to spoil."""
    possible = np.arange(len(rows)) if fault.column is None else np.flatnonzero(rows[fault.column].notna())
    return np.sort(rng.choice(possible, min(count, len(possible)), replace=False))


def _copies(rows: pd.DataFrame, fault: Fault, chosen: np.ndarray) -> pd.DataFrame:
    copies = rows.loc[chosen]
    if fault.column is not None:
        return copies.assign(**{fault.column: SPOILT_VALUES[fault.kind]})
    return copies.assign(is_cut_off=fault in (RAGGED, MALFORMED))
