"""Decide which records are one customer, and keep everybody's id."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa

from c360.core.errors import IdentityStopped
from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.warehouse import Warehouse, open_warehouse
from c360.identity.decisions import Decision, contradictions, decisions_path, read_decisions, standing
from c360.identity.evidence import Evidence, gather
from c360.identity.history.approval import is_approved, rules_digest
from c360.identity.history.changes import Grounds, append_log, events_of, read_log
from c360.identity.history.registry import Named, Registry, name_customers, read_registry, write_registry
from c360.identity.questions.plan import changed_share
from c360.identity.rules import Rules, load_rules

if TYPE_CHECKING:
    from c360.identity.engine import Resolution
    from c360.identity.incremental import Scored

SHOWN_CONTRADICTIONS = 5


@dataclass(frozen=True)
class Identification:
    """How many records came in, how many customers they are, and what became of customers since the run before."""

    record_count: int
    edge_count: int
    refused_count: int
    customer_count: int
    event_count: int


def identify(run: RunContext) -> Identification:
    """Write the tables `pipeline.identity_*`, the registry of the day and its log.

    The same records, rules and decisions again change no byte. Who is killed half-way is healed by running again: the
    registry is written once the log is, and the tables follow from both.

    Raises:
        ConfigurationError: the rules or the decisions cannot be used.
        IdentityStopped: changed rules would merge or split more customers than they allow.
        WarehouseLocked: another process holds the warehouse.
    """
    from c360.identity.engine import resolve
    from c360.identity.learned import read_learned, write_learned

    rules = load_rules(run.settings.identity_rules_path)
    decisions = _decisions(run)
    before = read_registry(run.settings.identity_dir, run.as_of)
    learned = read_learned(run.settings.identity_dir)
    with open_warehouse(run.settings) as warehouse:
        evidence = read_evidence(warehouse, rules)
        resolution = resolve(evidence, rules, decisions, learned, _scored(warehouse))
        named = name_customers(record_ids_of(evidence), resolution.labels, before, run.as_of)
        _stop_at_many_changes(run, rules, before, named)
        registry, events = _remember(run, rules, named, _grounds(rules, before, resolution, decisions), evidence)
        _write_tables(warehouse, evidence, resolution, named, read_log(run.settings.identity_dir, registry))
    if resolution.learned is not learned:
        write_learned(run.settings.identity_dir, resolution.learned)
    return _report(evidence, resolution, named, events)


def read_evidence(warehouse: Warehouse, rules: Rules, records: Sequence[str] | None = None) -> Evidence:
    """The records and identifiers that dbt staged: of these records, or by default of all.

    Raises:
        ConfigurationError: the rules name a column or leave out a type of identifier.
        C360Error: records without an id or with the same one, identifiers of nobody.
    """
    there = {name for (name,) in warehouse.rows("select column_name from (describe identity.int_identity__records)")}
    names = dict.fromkeys(["record_id", "source_name", *rules.attributes])
    # As text everything compares alike, whatever its type in the table: a date is YYYY-MM-DD.
    columns = ", ".join(f"{name}::varchar as {name}" for name in names if name in there)
    which, named = ("", []) if records is None else ("where record_id in (select unnest(?))", [list(records)])
    return gather(
        warehouse.arrow(f"select {columns} from identity.int_identity__records {which} order by record_id", named),
        warehouse.arrow(
            "select record_id, identifier_type, identifier_value, first_seen_at, last_seen_at "
            f"from identity.int_identity__identifiers {which}",
            named,
        ),
        rules,
    )


def _scored(warehouse: Warehouse) -> "Scored | None":
    """The pairs of the run before, if the warehouse still has them."""
    from c360.identity.incremental import Scored

    if not all(warehouse.has_table("pipeline", table) for table in ("identity_state", "identity_pairs")):
        return None
    return Scored(
        warehouse.arrow("select record_id, cluster_fingerprint from pipeline.identity_state"),
        warehouse.arrow("select left_record_id, right_record_id, probability from pipeline.identity_pairs"),
    )


def record_ids_of(evidence: Evidence) -> pa.Array:
    """The ids of all records, by position."""
    return evidence.records["record_id"].combine_chunks()


def _decisions(run: RunContext) -> tuple[Decision, ...]:
    decisions = standing(read_decisions(decisions_path(run.settings.identity_dir)), run.as_of)
    for found in contradictions(decisions)[:SHOWN_CONTRADICTIONS]:
        get_logger().warning("decisions_contradict", split=found.split_id, links=list(found.link_ids))
    return decisions


def _stop_at_many_changes(run: RunContext, rules: Rules, before: Registry, named: Named) -> None:
    """Stop when new rules change many customers and nobody looked at them. Nothing has been written yet."""
    digest = rules_digest(rules)
    if before.rules_digest in (None, digest) or is_approved(run.settings.identity_dir, digest):
        return
    share = changed_share(before.members, named.registry.members)
    if share > rules.max_changed_share:
        raise IdentityStopped(
            f"The rules in {run.settings.identity_rules_path} have changed, and {share:.1%} of the customers would "
            f"merge or split; `max_changed_share` allows {rules.max_changed_share:.1%}. Nothing was written. See who "
            "with `c360 identity plan`, approve with `c360 identity plan --yes`, or take the change back."
        )


def _grounds(rules: Rules, before: Registry, resolution: "Resolution", decisions: Sequence[Decision]) -> Grounds:
    are_rules_new = before.rules_digest not in (None, rules_digest(rules))
    return Grounds(resolution.links, resolution.refusals, decisions, are_rules_new)


def _remember(
    run: RunContext, rules: Rules, named: Named, grounds: Grounds, evidence: Evidence
) -> tuple[Registry, pa.Table]:
    """Write the log, then the registry, which counts it in."""
    folder = run.settings.identity_dir
    events = events_of(named, record_ids_of(evidence), grounds, run.run_id, run.as_of)
    registry = append_log(folder, run.as_of, replace(named.registry, rules_digest=rules_digest(rules)), events)
    write_registry(folder, run.as_of, registry)
    return registry, events


def _write_tables(
    warehouse: Warehouse, evidence: Evidence, resolution: "Resolution", named: Named, log: pa.Table
) -> None:
    # Takes pandas in, which nobody needs who only lists the steps.
    from c360.identity.incremental import STATE_SCHEMA
    from c360.identity.tables import bridges_table, edges_table, pairs_table, refused_table

    clusters = pa.table(
        {
            "record_id": record_ids_of(evidence),
            "customer_id": named.customers_of_records,
            "member_since_date": named.member_since,
        }
    )
    warehouse.write("identity_clusters", clusters)
    warehouse.write("identity_edges", edges_table(evidence, resolution.links))
    warehouse.write("identity_refused_merges", refused_table(evidence, resolution.refusals))
    warehouse.write("identity_bridges", bridges_table(resolution.bridges))
    # Emptied first: of a run that is killed in between, the next one must not take pairs and state of different days.
    warehouse.write("identity_state", STATE_SCHEMA.empty_table())
    warehouse.write("identity_pairs", pairs_table(evidence, resolution.pairs))
    if resolution.state is not None:
        warehouse.write("identity_state", resolution.state)
    warehouse.write("identity_log", log)


def _report(evidence: Evidence, resolution: "Resolution", named: Named, events: pa.Table) -> Identification:
    found = Identification(
        record_count=evidence.record_count,
        edge_count=len(resolution.links),
        refused_count=len(resolution.refusals),
        customer_count=len(named.customer_ids),
        event_count=len(events),
    )
    get_logger().info(
        "identified",
        records=found.record_count,
        edges=found.edge_count,
        refused=found.refused_count,
        customers=found.customer_count,
        events=found.event_count,
    )
    return found
