"""A folder with contracts and a landing, on which tests ingest as a run would."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.core.warehouse import open_warehouse
from c360.sources.lake.accounts import FileAccount
from c360.steps.ingest import ingest

TILL = """
    source: till
    description: Receipts of the shops' tills.
    owner: stores-team
    purposes: [analytics]
    feeds: [records, order_lines]
    tables:
      lines:
        description: One row per receipt line.
        files: lines_*.csv*
        format: csv
        key: [line_id]
        event_time: sold_at
        timezone: Europe/Paris
        max_quarantined_rate: 0.5
        columns:
          line_id: {type: integer, required: true}
          sold_at: {type: timestamp, required: true}
          name: {type: string, personal: name}
          email: {type: string, personal: email}
          phone: {type: string, personal: phone, country_column: country}
          country: {type: string}
          amount: {type: decimal}
          is_return: {type: boolean}
          shift: {type: date}
        refuse:
          - {reason: given away, when: amount = 0}
"""
EVENTS = """
    source: tracker
    description: What visitors do.
    owner: web-team
    purposes: [analytics]
    feeds: [web_events]
    tables:
      events:
        description: One row per event.
        files: events_*.jsonl*
        format: jsonl
        key: [event_id]
        event_time: occurred_at
        columns:
          event_id: {type: string, required: true}
          occurred_at: {type: timestamp, required: true}
          user: {type: string, personal: online_identifier, source_name: $.user.id}
"""
STOCK = """
    source: warehouse
    description: What lies in the warehouse.
    owner: logistics-team
    feeds: [order_lines]
    tables:
      stock:
        description: One row per product.
        files: stock_*.parquet
        format: parquet
        key: [sku_id]
        columns:
          sku_id: {type: integer, required: true}
          units: {type: integer, required: true}
"""
HEADER = "line_id,sold_at,name,email,phone,country,amount,is_return,shift\n"
PERSON = "Zoé Martin,zoe.martin@example.org,0612345678,FR"
SOUND_ROW = f"1,2026-06-30 10:00:00,{PERSON},9.90,false,2026-06-30\n"
SOUND_EVENT = '{"event_id":"e1","occurred_at":"2026-06-30T10:00:00Z","user":{"id":"zoe.martin@example.org"}}\n'


@dataclass(frozen=True)
class World:
    """A folder with contracts and a landing."""

    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings(data_dir=self.folder / "data", contracts_dir=self.folder / "contracts")

    def run(self, as_of: date = date(2026, 7, 1), run_id: str = "test") -> RunContext:
        return RunContext(as_of, run_id, self.settings)

    def promise(self, contract: str) -> None:
        text = dedent(contract).lstrip()
        source = next(line for line in text.splitlines() if line.startswith("source: "))
        path = self.folder / "contracts" / f"{source.removeprefix('source: ')}.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")

    def land(self, name: str, content: str | bytes, source: str = "till") -> Path:
        path = self.settings.landing_dir / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def land_lines(self, name: str, *rows: str) -> Path:
        return self.land(name, HEADER + "".join(rows))

    def ingest(self, as_of: date = date(2026, 7, 1), run_id: str = "test") -> list[FileAccount]:
        return ingest(self.run(as_of, run_id))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with open_warehouse(self.settings) as warehouse:
            return warehouse.rows(sql)

    def files(self, *folders: str) -> dict[str, bytes]:
        """Every file of the lake and the quarantine with its bytes."""
        roots = [self.settings.data_dir / folder for folder in folders or ("lake", "quarantine")]
        paths = sorted(path for root in roots for path in root.rglob("*") if path.is_file())
        return {str(path.relative_to(self.settings.data_dir)): path.read_bytes() for path in paths}


def row(number: int, amount: str = "9.90", sold_at: str = "2026-06-30 10:00:00", person: str = PERSON) -> str:
    return f"{number},{sold_at},{person},{amount},false,2026-06-30\n"
