"""The dirt in the files: a few rows twice, a few spoilt copies, a few identifiers nobody can use, files late and twice.

A spoilt row is an extra copy that stands behind the good row, as after a transfer that failed and was repeated: an
ingest that refuses it loses nothing. Unusable identifiers replace what a good row had; its other columns stay good.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from c360.sample.draws import Flags, Positions
from c360.sample.files import is_quoted
from c360.sample.raw_table import CUT_OFF, Fault, RawTable
from c360.sample.world import Faults

UNUSABLE = ("invalid_email", "invalid_phone")
"""Faults that strike the row itself. The others strike a copy."""
ON_TIME, LATE, AGAIN = "on_time", "late", "again"
"""How a file was delivered."""


@dataclass(frozen=True)
class DirtyTable:
    """A table with its faults."""

    table: RawTable
    is_cut_off: Flags
    """Rows whose line ends early."""
    counts: dict[str, int]
    """Kind of fault to rows."""
    delivery: str = ON_TIME


def plant_faults(rng: np.random.Generator, table: RawTable, faults: Faults) -> DirtyTable:
    """`table` with as many rows of each of its faults as `faults` says; a small table stays as it is."""
    row_count = len(table.rows)
    if row_count < faults.smallest_table_rows or not table.faults:
        return DirtyTable(table, np.zeros(row_count, dtype=bool), {})
    count = max(1, round(faults.share_per_fault * row_count))
    chosen = {fault: _chosen_rows(rng, table, fault, count) for fault in table.faults}
    rows = table.rows
    for fault, positions in chosen.items():
        if fault.kind in UNUSABLE:
            rows = _with_value(rows, fault, np.isin(np.arange(row_count), positions))
    rows, is_cut_off = _with_copies(rows, {fault: at for fault, at in chosen.items() if fault.kind not in UNUSABLE})
    return DirtyTable(replace(table, rows=rows), is_cut_off, _counts(chosen))


def deliver(rng: np.random.Generator, dirty: DirtyTable, faults: Faults) -> list[DirtyTable]:
    """The files a table lands in: one, or where it is sometimes late, the rows of one past day in a file of their own.

    A late file may come again under another name, byte for byte the same.
    """
    if dirty.table.late_by is None or len(dirty.table.rows) < faults.smallest_table_rows:
        return [dirty]
    days = pc.utf8_slice_codeunits(dirty.table.rows[dirty.table.late_by], 0, len("2026-07-01"))
    late_day = days[int(rng.integers(0, len(days)))].as_py()
    if not _is_date(late_day):
        return [dirty]
    is_late = pc.fill_null(pc.equal(days, late_day), False).to_numpy()
    late = replace(_part(dirty, is_late, date.fromisoformat(late_day), "_late"), counts={}, delivery=LATE)
    files = [_part(dirty, ~is_late, dirty.table.day, ""), late]
    if dirty.table.is_sent_twice:
        files.append(replace(late, table=replace(late.table, suffix=f"{late.table.suffix}_again"), delivery=AGAIN))
    return files


def _chosen_rows(rng: np.random.Generator, table: RawTable, fault: Fault, count: int) -> Positions:
    """Rows that have a value to spoil; a row with quotes is not cut off, or an open quote would swallow good rows."""
    if fault.column is not None:
        possible = np.flatnonzero(pc.is_valid(table.rows[fault.column]).to_numpy())
    elif fault == CUT_OFF:
        possible = np.flatnonzero(~is_quoted(table))
    else:
        possible = np.arange(len(table.rows))
    return np.sort(rng.choice(possible, min(count, len(possible)), replace=False))


def _with_copies(rows: pa.Table, chosen: dict[Fault, Positions]) -> tuple[pa.Table, Flags]:
    """The rows, behind them their spoilt copies, and which of all are cut off."""
    row = np.concatenate([np.arange(len(rows)), *chosen.values()])
    spoilt_by = np.repeat(np.arange(len(chosen) + 1), [len(rows), *map(len, chosen.values())])
    order = np.argsort(row, kind="stable")
    row, spoilt_by = row[order], spoilt_by[order]
    rows = rows.take(pa.array(row))
    is_cut_off = np.zeros(len(row), dtype=bool)
    for number, fault in enumerate(chosen, start=1):
        if fault.column is not None:
            rows = _with_value(rows, fault, spoilt_by == number)
        elif fault == CUT_OFF:
            is_cut_off = spoilt_by == number
    return rows, is_cut_off


def _with_value(rows: pa.Table, fault: Fault, is_struck: Flags) -> pa.Table:
    position = rows.schema.get_field_index(fault.column)
    field = rows.schema.field(position)
    spoilt = pc.if_else(pa.array(is_struck), pa.scalar(fault.value, field.type), rows.column(position))
    return rows.set_column(position, field, spoilt)


def _counts(chosen: dict[Fault, Positions]) -> dict[str, int]:
    """Rows per kind of fault; a table may have two columns for the same kind."""
    counts: dict[str, int] = {}
    for fault, positions in chosen.items():
        counts[fault.kind] = counts.get(fault.kind, 0) + len(positions)
    return counts


def _part(dirty: DirtyTable, is_kept: Flags, day: date | None, suffix: str) -> DirtyTable:
    table = dirty.table
    rows = table.rows.filter(pa.array(is_kept))
    return replace(
        dirty,
        table=replace(table, rows=rows, day=day, suffix=table.suffix + suffix),
        is_cut_off=dirty.is_cut_off[is_kept],
    )


def _is_date(text: str | None) -> bool:
    try:
        return text is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False
