"""Identify: who is one customer, over days, rebuilds, decisions, changed rules and accidents."""

import random
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from identified import (
    ANNS_CARD,
    BEN,
    CY,
    DEE,
    PEOPLE,
    RULES,
    People,
    day,
    tables_of,
)

from c360.core.errors import C360Error, ConfigurationError, IdentityStopped
from c360.identity.engine import resolve
from c360.identity.evidence import gather
from c360.identity.history.approval import approve, rules_digest
from c360.identity.history.registry import Registry, name_customers
from c360.identity.rules import load_rules
from c360.steps import identify as step


@pytest.fixture
def people(tmp_path: Path) -> People:
    """Ann with three records, and three others with one each."""
    return People(tmp_path)


def test_records_tied_by_identifiers_are_one_customer(people: People) -> None:
    """Every table says what it should: clusters, evidence and the events of a first run."""
    found = people.run(PEOPLE)
    customers = people.customers()

    assert (found.record_count, found.customer_count, found.event_count) == (6, 4, 4)
    assert customers["ann"] == customers["ann_again"] == customers["anns_card"]
    assert set(people.rows("edges", "left_record_id, right_record_id, rule, kind, score")) == {
        ("ann", "ann_again", "email", "exact", 1.0),
        ("ann_again", "anns_card", "phone", "exact", 1.0),
    }
    assert {row[0] for row in people.rows("clusters", "member_since_date")} == {day(1)}


def test_a_rebuild_of_the_warehouse_keeps_every_id(people: People) -> None:
    """The registry survives, so deleting the warehouse changes nothing, log included."""
    people.run([BEN, CY, DEE, ANNS_CARD])
    people.run(PEOPLE, 2)
    customers, written, remembered = people.customers(), people.written(), people.remembered()
    people.settings.warehouse_path.unlink()
    people.run(PEOPLE, 2)

    assert people.customers() == customers
    assert people.written() == written
    assert people.remembered() == remembered


def test_the_same_run_again_changes_no_byte(people: People) -> None:
    """Not even when somebody else starts it under another name."""
    people.run(PEOPLE)
    written, remembered = people.written(), people.remembered()
    again = people.run(PEOPLE, run_id="by_hand")

    assert again.event_count == 0
    assert people.written() == written
    assert people.remembered() == remembered
    assert {"registry/2026-07-01.parquet", "log/2026-07-01.parquet"} <= set(remembered)


def test_a_new_record_that_ties_two_customers_merges_them(people: People) -> None:
    """The larger customer goes on, the smaller one's id is retired, and the rule that tied them is named."""
    people.run(PEOPLE)
    before = people.customers()
    people.run([*PEOPLE, "aa_bridge email:a card:5"], 2)
    customers = people.customers()

    assert customers["ben"] == customers["aa_bridge"] == customers["ann"] == before["ann"]
    assert people.rows("log", "event, customer_id, other_customer_id, record_count, reason, run_id")[-1] == (
        "merge",
        before["ann"],
        before["ben"],
        1,
        "card",
        "run_2",
    )
    since = dict(people.rows("clusters", "record_id, member_since_date"))
    assert (since["ann"], since["ben"], since["aa_bridge"]) == (day(1), day(2), day(2))


def test_a_split_is_carried_out_and_stays(people: People) -> None:
    """The next run takes the customer apart, says whose decision it was, and new evidence does not undo it."""
    people.run(PEOPLE)
    before = people.customers()
    decision = people.decide("split", "ann", "ann_again anns_card")
    people.run(PEOPLE)
    apart = people.customers()
    people.run([*PEOPLE, "more email:a phone:1"], 2)
    later = people.customers()

    assert apart["ann_again"] == apart["anns_card"] == before["ann"]
    assert apart["ann"] not in before.values()
    assert people.rows("log", "event, customer_id, other_customer_id, reason")[4:5] == [
        ("split", before["ann"], apart["ann"], f"decision:{decision}")
    ]
    assert later["ann"] != later["ann_again"]
    assert {one: later[one] for one in apart} == apart


def test_a_link_is_carried_out(people: People) -> None:
    """Records that share nothing are one customer when somebody said so, from the day it was said on."""
    people.run([CY, DEE])
    before = people.customers()
    decision = people.decide("link", "cy", "dee", 3)
    people.run([CY, DEE], 2)
    assert people.customers() == before
    people.run([CY, DEE], 3)
    customers = people.customers()

    assert customers["cy"] == customers["dee"] == min(before.values())
    assert people.rows("edges", "rule, kind") == [("link", "decision")]
    assert people.rows("log", "event, reason")[-1] == ("merge", f"decision:{decision}")


def test_contradicting_decisions_end_in_a_split(people: People) -> None:
    """Links around a split do not undo it, and what was not followed has a row."""
    people.decide("link", "ben", "cy")
    people.decide("link", "cy", "dee")
    people.decide("split", "ben", "dee")
    people.run(PEOPLE)
    customers = people.customers()

    assert customers["ben"] != customers["dee"]
    assert ("link", "split") in people.rows("refused_merges", "rule, reason")


def test_a_run_about_an_earlier_day_changes_no_later_one(people: People) -> None:
    """It starts from the registry of its day, and what later runs remember keeps its bytes."""
    people.run(PEOPLE)
    first = people.customers()
    bridged = [*PEOPLE, "aa_bridge email:a card:5"]
    people.run(bridged, 5)
    merged, remembered = people.customers(), people.remembered()
    people.run([*PEOPLE, "eve email:e"], 3)
    backfilled = people.customers()

    assert {one: backfilled[one] for one in first} == first
    assert {name: content for name, content in people.remembered().items() if name in remembered} == remembered
    assert all(row[0] <= day(3) for row in people.rows("log", "as_of_date"))
    people.run(bridged, 5)
    assert people.customers() == merged


def test_a_killed_run_is_healed_by_running_again(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the log and the registry, it leaves no event twice and no id changed."""
    people.run(PEOPLE)
    other = tmp_path / "undisturbed"
    shutil.copytree(people.settings.data_dir, other / "data")
    undisturbed = People(other)
    bridged = [*PEOPLE, "aa_bridge email:a card:5", "eve email:e"]
    undisturbed.run(bridged, 2)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(step, "write_registry", killed)
        with pytest.raises(KeyboardInterrupt):
            people.run(bridged, 2)
    assert "log/2026-07-02.parquet" in people.remembered()
    people.run(bridged, 2)

    assert people.written() == undisturbed.written()
    assert people.remembered() == undisturbed.remembered()


def test_rules_that_change_many_customers_stop_the_run(people: People) -> None:
    """More than the allowed share would merge: nothing is written until somebody approves these very rules."""
    people.run(PEOPLE)
    written, remembered = people.written(), people.remembered()
    people.change_rules(RULES.replace("phone: {}", "phone: {blocked: ['1']}"))

    with pytest.raises(IdentityStopped, match=r"25\.0% of the customers would merge or split") as stopped:
        people.run(PEOPLE, 2)
    assert stopped.value.exit_code == 5
    assert people.written() == written
    assert people.remembered() == remembered

    approve(people.settings.identity_dir, rules_digest(load_rules(people.settings.identity_rules_path)))
    people.run(PEOPLE, 2)
    assert people.customers()["anns_card"] != people.customers()["ann"]
    assert people.rows("log", "event, reason")[-1] == ("split", "rules_changed")


def test_rules_that_change_few_customers_are_followed(people: People) -> None:
    """Within the allowed share nobody is asked; nor when only that share itself is changed."""
    people.run(PEOPLE)
    people.change_rules(RULES.replace("phone: {}", "phone: {blocked: ['1']}").replace("0.2", "0.25"))

    assert people.run(PEOPLE, 2).event_count == 1


def test_rules_and_tables_that_do_not_fit_are_named(people: People) -> None:
    """An unknown type of identifier and a column that is not there stop the run before anything is written."""
    people.change_rules(RULES.replace("phone: {}", "fax: {}"))
    with pytest.raises(ConfigurationError, match="no identifier of type phone"):
        people.run(PEOPLE)
    people.change_rules(RULES.replace("{first_name:", "{nickname:"))
    with pytest.raises(ConfigurationError, match="no column nickname"):
        people.run(PEOPLE)

    assert people.remembered() == {}


def test_a_record_twice_stops_the_run(people: People) -> None:
    """Two rows with one id could not both have a customer."""
    with pytest.raises(C360Error, match="id of another one"):
        people.run([CY, CY])


def test_a_record_without_any_identifier_is_a_customer(people: People) -> None:
    """Nobody is lost for having nothing in common with anybody."""
    people.run(["nothing", "nothing_either", CY])

    assert len(set(people.customers().values())) == 3


def crowd(chance: random.Random) -> list[str]:
    """Sixty records with identifiers that chain and clash."""
    names = ["name:Ann", "name:Bob", "name:Zoe", ""]
    kinds = ["card", "email", "phone"]
    return [
        f"r{number:02} {chance.choice(names)} "
        + " ".join({f"{kind}:{chance.randint(0, 25)}" for kind in chance.sample(kinds, chance.randint(0, 2))})
        for number in range(60)
    ]


def shuffled(rows: pa.Table, chance: random.Random) -> pa.Table:
    """The rows in another order and cut into other batches."""
    order = chance.sample(range(len(rows)), len(rows))
    cuts = sorted(chance.sample(range(1, len(rows)), 3))
    mixed = rows.take(pa.array(order))
    return pa.concat_tables(
        mixed.slice(start, end - start) for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)
    )


def test_a_hundred_row_orders_and_batch_cuts_give_identical_ids(tmp_path: Path) -> None:
    """Neither partition nor ids depend on how the rows lie, on a first run and on one that follows."""
    path = tmp_path / "identity.yml"
    path.write_text(RULES, encoding="utf-8")
    rules, chance = load_rules(path), random.Random(7)  # noqa: S311  a world, not a secret
    today = crowd(chance)
    before, outcomes = Registry(), []
    for records in (today[:40], today):
        tables = tables_of(records)
        outcomes = []
        for _ in range(100):
            evidence = gather(*(shuffled(rows, chance) for rows in tables), rules)
            ids = evidence.records["record_id"].combine_chunks()
            outcomes.append(name_customers(ids, resolve(evidence, rules).labels, before, day(2)).registry)
        assert 1 < len(set(outcomes[0].members["customer_id"].to_pylist())) < len(records)
        assert all(outcome == outcomes[0] for outcome in outcomes)
        before = outcomes[0]
