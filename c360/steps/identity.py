"""What a person does about who is one person: resolve a table, look ahead at changed rules, decide, train anew."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from c360.core.errors import ConfigurationError, WarehouseLocked
from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.settings import Settings
from c360.core.warehouse import engine_config, open_warehouse
from c360.identity.decisions import Decision, append_decision, decisions_path, read_decisions, standing
from c360.identity.history.acts import History, check_against, propose_link, propose_split
from c360.identity.history.changes import read_log
from c360.identity.history.registry import Registry, name_customers, read_registry
from c360.identity.rules import Rules, load_rules

if TYPE_CHECKING:
    from c360.identity.engine import Resolution
    from c360.identity.record_files.table import RecordTable


@dataclass(frozen=True)
class ResolvedTable:
    """What a table of records was resolved to, in counts.

    links, refusals, bridges: by rule, by reason, by type of identifier. unusable: values without a normal form, by
    `<column>:<reason>`. silent_count: records that say nothing, each a customer of its own. paths: the file of
    customers and that of edges.
    """

    record_count: int
    customer_count: int
    links: dict[str, int]
    refusals: dict[str, int]
    bridges: dict[str, int]
    unusable: dict[str, int]
    silent_count: int
    paths: tuple[Path, Path]


def assume(settings: Settings, records: Sequence[Path]) -> Rules:
    """The rules that the names of the columns of the first file suggest.

    Raises:
        ConfigurationError: they suggest none, or the file cannot be read.
    """
    from c360.identity.record_files.column_names import assume_rules
    from c360.identity.record_files.files import column_names

    with duckdb.connect(config=engine_config(settings)) as engine:
        return assume_rules(column_names(engine, records[0]))


def resolve_table(settings: Settings, records: Sequence[Path], rules: Rules, out: Path) -> ResolvedTable:
    """Resolve files of person records alone: no warehouse, no registry, nothing remembered.

    Writes `record_id, customer_id` to `out` and the accepted evidence to `<out>_edges` beside it; both or neither.

    Args:
        settings: How many threads and how much memory the engine may take.
        records: CSV or Parquet files, taken as one table.
        rules: What their columns are.
        out: A CSV or Parquet file.

    Raises:
        ConfigurationError: a file cannot be read or written, or the rules do not fit it.
    """
    from c360.identity.engine import resolve
    from c360.identity.record_files.files import check_writable, write_tables
    from c360.identity.tables import edges_table

    edges_path = out.with_name(f"{out.stem}_edges{out.suffix}")
    check_writable((out, edges_path), records)
    table = _read_table(settings, records, rules)
    resolution = resolve(table.evidence, rules)
    customers = _customers(table, resolution)
    write_tables({out: customers, edges_path: edges_table(table.evidence, resolution.links)})
    return ResolvedTable(
        record_count=len(customers),
        customer_count=len(customers["customer_id"].unique()),
        links=_counted(resolution.links.rule.tolist()),
        refusals=_counted(resolution.refusals.reason.tolist()),
        bridges=_counted(resolution.bridges["identifier_type"].to_pylist()),
        unusable=table.unusable,
        silent_count=table.silent_count,
        paths=(out, edges_path),
    )


def split(run: RunContext, customer_id: str, records: Sequence[str], reason: str, *, force: bool = False) -> Decision:
    """Decide that these records are somebody else than the customer's others. The next run follows it.

    Raises:
        ConfigurationError: the customer or a record is not there, nobody would be left, or an earlier decision says
            otherwise and is not taken back by `force`.
    """
    decision = propose_split(history_of(run), customer_id, records, reason, run.as_of)
    return _decide(run, decision, force=force)


def still_tied(run: RunContext, decision: Decision) -> list[tuple[str, str]]:
    """Of a split, the records on the customer's side that share an identifier with the others, with its type.

    They may be somebody else's too, and nothing but a look can tell. None while another run holds the warehouse.
    """
    try:
        with open_warehouse(run.settings) as warehouse:
            if not warehouse.has_table("identity", "int_identity__identifiers"):
                return []
            return warehouse.rows(
                """
                select theirs.record_id, string_agg(distinct identifier_type, ', ' order by identifier_type) as types
                from identity.int_identity__identifiers as theirs
                semi join (
                    select identifier_type, identifier_value from identity.int_identity__identifiers
                    where record_id in (select unnest(?))
                ) as others using (identifier_type, identifier_value)
                where theirs.record_id in (select unnest(?))
                group by all order by all
                """,
                [list(decision.left), list(decision.right)],
            )
    except WarehouseLocked:
        return []


def link(run: RunContext, left: str, right: str, reason: str, *, force: bool = False) -> Decision:
    """Decide that two records are one person. The next run follows it.

    Raises:
        ConfigurationError: a record is not there, or an earlier decision says otherwise and is not taken back by
            `force`.
    """
    decision = propose_link(history_of(run), left, right, reason, run.as_of)
    return _decide(run, decision, force=force)


def decisions(settings: Settings) -> tuple[Decision, ...]:
    """Every decision in the order it was made, those taken back among them."""
    return read_decisions(decisions_path(settings.identity_dir))


def train(run: RunContext) -> int:
    """Let matching learn from today's evidence anew, and keep what it learned until the next time.

    Returns the number of records it learned from.

    Raises:
        ConfigurationError: the rules switch matching off, or do not fit the records.
        WarehouseLocked: another process holds the warehouse.
    """
    from c360.identity.engine import learn
    from c360.identity.learned import write_learned
    from c360.steps.identify import read_evidence

    rules = load_rules(run.settings.identity_rules_path)
    if not rules.compared:
        raise ConfigurationError(
            f"{run.settings.identity_rules_path} compares nothing: `matching` is off, or there are no `attributes`."
        )
    with open_warehouse(run.settings) as warehouse:
        evidence = read_evidence(warehouse, rules)
    write_learned(run.settings.identity_dir, learn(evidence, rules, standing_decisions(run)))
    get_logger().info("identity_trained", records=evidence.record_count)
    return evidence.record_count


def standing_decisions(run: RunContext) -> tuple[Decision, ...]:
    """The decisions that a run follows."""
    return standing(decisions(run.settings), run.as_of)


def history_of(run: RunContext) -> History:
    """Who every record belongs to as of the run, and what became of customers before."""
    registry = read_registry(run.settings.identity_dir, run.as_of)
    return History(registry, read_log(run.settings.identity_dir, registry))


def _decide(run: RunContext, decision: Decision, *, force: bool) -> Decision:
    path = decisions_path(run.settings.identity_dir)
    if not force:
        check_against(decision, read_decisions(path))
    is_new = append_decision(path, decision)
    get_logger().info("decided", decision=decision.decision_id, kind=decision.kind, is_new=is_new)
    return decision


def _read_table(settings: Settings, records: Sequence[Path], rules: Rules) -> "RecordTable":
    from c360.identity.record_files.table import read_record_table

    # What does not fit into memory spills to a folder that nobody else can read and that is gone afterwards.
    with TemporaryDirectory(prefix="c360_") as spill:
        config = engine_config(settings) | {"temp_directory": spill}
        with duckdb.connect(config=config) as engine:
            return read_record_table(engine, records, rules)


def _customers(table: "RecordTable", resolution: "Resolution") -> pa.Table:
    record_ids = table.evidence.records["record_id"].combine_chunks()
    named = name_customers(record_ids, resolution.labels, Registry(), date.min)
    return pa.table({"record_id": record_ids, "customer_id": named.customers_of_records})


def _counted(values: Sequence[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))
