"""The log says what became of customers, and why."""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from identity.history.test_registry import histories, partitions
from identity.partitions import DAY, Partition, customers, day, labelled, links, name

from c360.core.errors import C360Error
from c360.identity.decisions import Decision, decide
from c360.identity.evidence import Links, Refusals
from c360.identity.history.changes import LOG_SCHEMA, Grounds, append_log, events_of, log_path, read_log
from c360.identity.history.registry import Registry, read_registry, write_registry


def refused(partition: Partition, left: str, right: str, rule: str, reason: str) -> Refusals:
    """One refusal."""
    one = links(partition, (left, right, rule))
    return Refusals(one.left, one.right, one.rule, one.score, np.array([reason], dtype=object))


def run_again(
    partition: Partition,
    before: Registry,
    accepted: Links | None = None,
    refusals: Refusals | None = None,
    decisions: Sequence[Decision] = (),
    are_rules_new: bool = False,
) -> tuple[Registry, list[dict[str, Any]]]:
    """The registry after a run on the next day, and what the run adds to the log."""
    named = name(partition, before, day(1))
    grounds = Grounds(accepted or Links.none(), refusals or Refusals.none(), decisions, are_rules_new)
    events = events_of(named, labelled(partition)[0], grounds, "run_2", day(1))
    return named.registry, events.to_pylist()


def test_a_first_run_creates_every_customer() -> None:
    """One row per customer, with how many records it has, and the run that saw it first."""
    registry, events = run_again([{"a", "b"}, {"c"}], Registry())

    assert {(event["event"], event["record_count"]) for event in events} == {("create", 2), ("create", 1)}
    assert {event["customer_id"] for event in events} == set(customers(registry).values())
    assert {(event["reason"], event["run_id"], event["as_of_date"]) for event in events} == {
        ("new_records", "run_2", day(1))
    }


def test_the_same_customers_again_are_no_event() -> None:
    """Neither is a new record of a customer who was there."""
    before = name([{"a", "b"}, {"c"}]).registry

    assert run_again([{"a", "b"}, {"c"}], before)[1] == []
    assert run_again([{"a", "b", "new"}, {"c"}], before)[1] == []


def test_a_merge_names_the_rule_that_ties_the_two() -> None:
    """The customer who ends, how many records come over, and the link between records of both, not the surest one."""
    before = name([{"a", "b"}, {"c"}]).registry
    partition: Partition = [{"a", "b", "c", "new"}]
    ties = links(partition, ("c", "new", "loyalty_number"), ("b", "new", "phone"), ("b", "c", "email"), ("a", "b", "x"))
    _, [event] = run_again(partition, before, ties)

    assert (event["event"], event["record_count"], event["reason"]) == ("merge", 1, "email")
    assert (event["customer_id"], event["other_customer_id"]) == (customers(before)["a"], customers(before)["c"])


def test_a_merge_through_a_new_record_names_the_rule_that_leads_there() -> None:
    """No link joins the two customers themselves: the surest that leads out of the one who ended is named."""
    before = name([{"a", "b"}, {"c"}]).registry
    partition: Partition = [{"a", "b", "c", "new"}]
    ties = links(partition, ("b", "new", "email"), ("c", "new", "phone"), ("a", "b", "web_user_id"))
    _, [event] = run_again(partition, before, ties)

    assert event["reason"] == "phone"


def test_a_decided_merge_names_the_decision() -> None:
    """`link` alone would not say who decided it."""
    before = name([{"a", "b"}, {"c"}]).registry
    decision = decide("link", ["c"], ["b"], "asked them", day(1))
    partition: Partition = [{"a", "b", "c"}]
    _, [event] = run_again(partition, before, links(partition, ("b", "c", "link")), decisions=[decision])

    assert event["reason"] == f"decision:{decision.decision_id}"


def test_a_decided_split_names_the_decision() -> None:
    """The new customer, how many records went, and whose decision it was."""
    before = name([{"a", "b", "c"}]).registry
    decision = decide("split", ["a"], ["b", "c", "unknown"], "two people", day(1))
    registry, [event] = run_again([{"a"}, {"b", "c"}], before, decisions=[decision])

    assert (event["event"], event["record_count"]) == ("split", 1)
    assert event["customer_id"] == customers(registry)["b"]
    assert event["other_customer_id"] == customers(registry)["a"]
    assert event["reason"] == f"decision:{decision.decision_id}"


def test_a_split_names_the_evidence_that_was_refused() -> None:
    """What would join the two parts and is not followed any more is the reason."""
    partition: Partition = [{"a"}, {"b", "c"}]
    refusals = refused(partition, "a", "c", "email", "name_conflict")
    _, [event] = run_again(partition, name([{"a", "b", "c"}]).registry, refusals=refusals)

    assert event["reason"] == "email:name_conflict"


@pytest.mark.parametrize(("are_rules_new", "reason"), [(True, "rules_changed"), (False, "evidence_changed")])
def test_a_split_without_any_refusal_says_what_changed(are_rules_new: bool, reason: str) -> None:
    """Other rules, or a record that says something else now."""
    _, [event] = run_again([{"a"}, {"b", "c"}], name([{"a", "b", "c"}]).registry, are_rules_new=are_rules_new)

    assert event["reason"] == reason


def test_records_that_change_sides_are_a_split() -> None:
    """Both customers live on: nobody is created, nobody ends."""
    before = name([{"a", "b", "c"}, {"d", "e"}]).registry
    _, [event] = run_again([{"a", "b"}, {"c", "d", "e"}], before)

    assert (event["event"], event["record_count"]) == ("split", 1)
    assert (event["customer_id"], event["other_customer_id"]) == (customers(before)["a"], customers(before)["d"])


def test_a_customer_who_falls_apart_ends_in_one_other_only() -> None:
    """The largest part says where the customer ended; the rest was split off."""
    before = name([{"a", "b", "c"}, {"d", "e", "f", "g"}, {"h", "i", "j", "k"}]).registry
    _, events = run_again([{"a", "b", "d", "e", "f", "g"}, {"c", "h", "i", "j", "k"}], before)

    assert [(event["event"], event["record_count"]) for event in events] == [("merge", 2), ("split", 1)]
    assert events[0]["other_customer_id"] == events[1]["customer_id"] == customers(before)["a"]


@given(histories)
def test_the_log_tells_the_whole_story(history: list[Partition]) -> None:
    """Who was ever created or split off and did not end in a merge is a customer, and nobody else is."""
    registry = Registry()
    living: set[str] = set()
    for number, partition in enumerate(history):
        named = name(partition, registry, day(number))
        grounds = Grounds(Links.none(), Refusals.none(), (), are_rules_new=False)
        for event in events_of(named, labelled(partition)[0], grounds, "run", day(number)).to_pylist():
            born = event["other_customer_id"] if event["event"] == "split" else event["customer_id"]
            living.add(born)
            if event["event"] == "merge":
                living.remove(event["other_customer_id"])
        registry = named.registry

        assert living == set(customers(registry).values())


@given(partitions(), partitions())
def test_events_have_no_empty_reason_but_for_merges_nothing_ties(first: Partition, second: Partition) -> None:
    """With a link between neighbours of every cluster, each event has a reason."""
    chains = [sorted(cluster) for cluster in second]
    ties = [(left, right, "email") for chain in chains for left, right in itertools.pairwise(chain)]
    _, events = run_again(second, name(first).registry, links(second, *ties))

    assert all(event["reason"] for event in events)


def log_of(tmp_path: Path, registry: Registry) -> list[str]:
    return read_log(tmp_path, registry)["event"].to_pylist()


def events(*kinds: str) -> pa.Table:
    rows = [{"event": kind, "customer_id": "c_1", "reason": "r", "run_id": "x", "as_of_date": DAY} for kind in kinds]
    return pa.Table.from_pylist(rows, LOG_SCHEMA)


def test_the_log_of_a_day_grows_by_every_run(tmp_path: Path) -> None:
    """Events of a second run of a day come behind the first's, and those of another day in their own file."""
    registry = append_log(tmp_path, DAY, Registry(), events("create"))
    registry = append_log(tmp_path, DAY, registry, events("split"))
    registry = append_log(tmp_path, day(1), registry, events("merge"))

    assert log_of(tmp_path, registry) == ["create", "split", "merge"]
    assert read_log(tmp_path, registry)["event_id"].to_pylist() == ["2026-07-01:1", "2026-07-01:2", "2026-07-02:1"]
    assert len(list((tmp_path / "log").iterdir())) == 2


def test_what_a_killed_run_wrote_is_no_history(tmp_path: Path) -> None:
    """Without the registry that counts them in, events of a run are not there, and the run again writes them once."""
    write_registry(tmp_path, DAY, append_log(tmp_path, DAY, Registry(), events("create")))
    append_log(tmp_path, DAY, read_registry(tmp_path, DAY), events("split"))

    assert log_of(tmp_path, read_registry(tmp_path, DAY)) == ["create"]

    write_registry(tmp_path, DAY, append_log(tmp_path, DAY, read_registry(tmp_path, DAY), events("split")))

    assert log_of(tmp_path, read_registry(tmp_path, DAY)) == ["create", "split"]


def test_an_earlier_day_run_again_does_not_rewrite_later_history(tmp_path: Path) -> None:
    """What a backfill finds goes into its own day's history; the later day's registry counts what it counted."""
    first = append_log(tmp_path, DAY, Registry(), events("create"))
    later = append_log(tmp_path, day(1), first, events("merge"))
    backfilled = append_log(tmp_path, DAY, first, events("split"))

    assert log_of(tmp_path, backfilled) == ["create", "split"]
    assert log_of(tmp_path, later) == ["create", "merge"]


def test_a_log_that_lost_rows_stops_the_run(tmp_path: Path) -> None:
    """History is not quietly shortened."""
    registry = append_log(tmp_path, DAY, Registry(), events("create"))
    log_path(tmp_path, DAY).write_bytes(b"")

    with pytest.raises(C360Error, match="0 readable rows of the 1"):
        read_log(tmp_path, registry)
