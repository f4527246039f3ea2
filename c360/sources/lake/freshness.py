"""How old the newest event of a table is at the run's `as_of`, and whether its contract puts up with that."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

import duckdb

from c360.core.sql import quoted
from c360.sources.contracts.contract import Freshness
from c360.sources.lake.lake import TableLake


@dataclass(frozen=True)
class TableFreshness:
    """The age of a table's newest event before `as_of`, in hours. Without an event there is no age."""

    lake: TableLake
    promised: Freshness
    newest_event_at: datetime | None
    age_hours: float | None

    @property
    def status(self) -> Literal["ok", "warn", "error"]:
        """What the contract says of this age. A table without any event is not fresh."""
        if self.age_hours is None or self.age_hours > self.promised.error_after_hours:
            return "error"
        return "warn" if self.age_hours > self.promised.warn_after_hours else "ok"

    @property
    def explanation(self) -> str:
        """The same in words, with whom to ask."""
        table = self.lake.table
        allowed = self.promised.error_after_hours if self.status == "error" else self.promised.warn_after_hours
        found = "it has no event before the run's day"
        if self.newest_event_at:
            found = f"its newest event, of {self.newest_event_at:%Y-%m-%d %H:%M} UTC, is {self.age_hours:.0f} hours old"
        return (
            f"{table}: {found} ({allowed} are allowed). Ask {table.owner} why nothing newer came and land it, or "
            f"change `freshness` in {self.lake.settings.contracts_dir / table.source_name}.yml."
        )


def measure_freshness(engine: duckdb.DuckDBPyConnection, lake: TableLake, as_of: date) -> TableFreshness | None:
    """The freshness of a table whose contract promises one. A table that nothing was ever loaded into has none."""
    terms = lake.table.terms
    if not terms.freshness or not terms.event_time or not lake.has_loaded_any():
        return None
    moment = datetime.combine(as_of, time())
    event_at = f"{quoted(terms.event_time)}::TIMESTAMP"
    [(newest,)] = engine.execute(
        f"select max({event_at}) from ({lake.relation()}) where {event_at} < ?", [moment]
    ).fetchall()
    age_hours = (moment - newest).total_seconds() / 3600 if newest else None
    return TableFreshness(lake, terms.freshness, newest.replace(tzinfo=UTC) if newest else None, age_hours)
