"""Customers keep their ids: what the registry promises."""

import random
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from identity.partitions import DAY, Partition, customers, day, labelled, name, since

from c360.core.errors import C360Error
from c360.identity.history.registry import (
    Registry,
    name_customers,
    read_registry,
    registry_path,
    write_registry,
)
from c360.privacy.hashing import stable_id

RECORDS = [f"r{number:02}" for number in range(12)]


@st.composite
def partitions(draw: st.DrawFn) -> Partition:
    """Some of the records, in clusters."""
    present = draw(st.lists(st.sampled_from(RECORDS), unique=True, min_size=1))
    cluster_of = {record: draw(st.integers(0, 4)) for record in present}
    return [{one for one in present if cluster_of[one] == number} for number in sorted(set(cluster_of.values()))]


histories = st.lists(partitions(), min_size=1, max_size=6)


def run_all(history: list[Partition]) -> list[Registry]:
    """The registry after each run of a history, one a day."""
    registries, registry = [], Registry()
    for number, partition in enumerate(history):
        registry = name(partition, registry, day(number)).registry
        registries.append(registry)
    return registries


def chosen_one_by_one(partition: Partition, before: dict[str, str]) -> dict[str, str]:
    """Who keeps which id, by taking the largest overlap again and again: first record of the cluster -> id."""
    overlaps = {
        (-len([one for one in cluster if before.get(one) == customer]), customer, min(cluster))
        for cluster in partition
        for customer in {before[one] for one in cluster if one in before}
    }
    kept: dict[str, str] = {}
    for _, customer, cluster in sorted(overlaps):
        if cluster not in kept and customer not in kept.values():
            kept[cluster] = customer
    return kept


def test_a_first_run_names_customers_by_their_smallest_record() -> None:
    """Without a registry the id follows from the smallest record alone."""
    registry = name([{"b", "a"}, {"c"}]).registry

    assert customers(registry) == {"a": stable_id("c_", "a"), "b": stable_id("c_", "a"), "c": stable_id("c_", "c")}
    assert set(since(registry).values()) == {DAY}


def test_a_smaller_record_that_arrives_later_changes_no_id() -> None:
    """The customer is who they were, although a first run would have named them otherwise."""
    first, second = run_all([[{"b", "c"}], [{"a", "b", "c"}]])

    assert set(customers(second).values()) == set(customers(first).values())
    assert since(second) == {"a": day(1), "b": DAY, "c": DAY}


def test_the_same_partition_again_changes_nothing() -> None:
    """Every customer keeps their id and the day of every record."""
    first, second = run_all([[{"a", "b"}, {"c"}]] * 2)

    assert second == first


@given(histories)
def test_the_largest_overlap_takes_the_id(history: list[Partition]) -> None:
    """Clusters keep the ids that taking the best pair one by one gives."""
    *earlier, partition = history
    before = run_all(earlier)[-1] if earlier else Registry()
    after = customers(name(partition, before, day(9)).registry)
    expected = chosen_one_by_one(partition, customers(before))

    assert {min(cluster): after[min(cluster)] for cluster in partition if min(cluster) in expected} == expected


@given(histories)
def test_clusters_are_customers(history: list[Partition]) -> None:
    """Each id is one cluster's and each cluster has one id."""
    for partition, registry in zip(history, run_all(history), strict=True):
        owner = customers(registry)

        assert len({frozenset(owner[one] for one in cluster) for cluster in partition}) == len(partition)
        assert all(len({owner[one] for one in cluster}) == 1 for cluster in partition)


@given(histories)
def test_no_id_comes_back_for_somebody_else(history: list[Partition]) -> None:
    """An id that was merged away stays retired, and a new customer's id is one nobody ever had."""
    used: set[str] = set()
    retired: set[str] = set()
    for registry in run_all(history):
        ids = set(customers(registry).values())

        assert ids.isdisjoint(retired)
        assert ids.isdisjoint(registry.retired.to_pylist())
        assert used - ids == set(registry.retired.to_pylist())
        used |= ids
        retired = set(registry.retired.to_pylist())


@given(partitions(), partitions(), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_their_chunks_matter(
    first: Partition, second: Partition, chance: random.Random
) -> None:
    """The ids follow from the registry and the partition, not from how records arrived."""
    before = name(first).registry
    records, labels = labelled(second)
    expected = name_customers(records, labels, before, day(1)).registry
    order = list(range(len(before.members)))
    chance.shuffle(order)
    cut = chance.randint(0, len(order))
    shuffled = before.members.take(pa.array(order, pa.int64()))
    pieces = pa.concat_tables([shuffled.slice(0, cut), shuffled.slice(cut)])

    assert (
        name_customers(records, labels, Registry(pieces, before.retired), day(1))
        .registry.members.sort_by("record_id")
        .equals(expected.members)
    )


def test_a_split_gives_the_id_to_the_larger_part() -> None:
    """The smaller part is a new customer from the day of the split on."""
    first, second = run_all([[{"a", "b", "c"}], [{"a"}, {"b", "c"}]])
    [customer] = set(customers(first).values())

    assert customers(second)["b"] == customers(second)["c"] == customer
    assert customers(second)["a"] not in (customer, stable_id("c_", "a"))
    assert since(second) == {"a": day(1), "b": DAY, "c": DAY}


def test_a_merge_that_is_undone_does_not_bring_back_the_retired_id() -> None:
    """Who was merged away and is split off again is a new customer: the old id stays where the merge sent it."""
    apart, together, again = run_all([[{"a", "b"}, {"c"}], [{"a", "b", "c"}], [{"a", "b"}, {"c"}]])
    survivor, gone = customers(apart)["a"], customers(apart)["c"]

    assert set(customers(together).values()) == {survivor}
    assert together.retired.to_pylist() == [gone]
    assert customers(again)["a"] == survivor
    assert customers(again)["c"] not in (survivor, gone)
    assert again.retired.to_pylist() == [gone]
    assert since(again) == {"a": DAY, "b": DAY, "c": day(2)}


def test_the_id_of_a_customer_whose_records_are_gone_waits_for_them() -> None:
    """A source that is away for a day takes nobody's id."""
    first, without, back = run_all([[{"a"}, {"b", "c"}], [{"b", "c"}], [{"a"}, {"b", "c"}]])

    assert customers(without) == customers(first)
    assert back == first


def test_records_that_are_gone_follow_their_customer_into_a_merge() -> None:
    """When they come back they are no ghost of the customer who was merged away."""
    first, merged, back = run_all(
        [[{"a", "b"}, {"c", "d", "e"}], [{"b", "c", "d", "e"}], [{"a"}, {"b", "c", "d", "e"}]]
    )
    gone = customers(first)["a"]

    assert customers(merged)["a"] == customers(first)["c"]
    assert gone in merged.retired.to_pylist()
    assert customers(back)["a"] not in customers(first).values()


def test_a_new_id_that_was_used_is_salted() -> None:
    """Even when its own digest belongs to somebody, a new customer gets an id of their own."""
    taken = stable_id("c_", "a")
    before = Registry(retired=pa.array([taken, stable_id("c_", "a#1")]))

    assert customers(name([{"a"}], before).registry) == {"a": stable_id("c_", "a#2")}


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    """Members, retired ids, the digest of the rules and the counts of the log survive, and the bytes are the same."""
    _, merged = run_all([[{"a", "b"}, {"c"}], [{"a", "b", "c"}]])
    registry = Registry(merged.members, merged.retired, "abc", {"2026-07-01": 2})
    write_registry(tmp_path, DAY, registry)
    first_bytes = registry_path(tmp_path, DAY).read_bytes()
    write_registry(tmp_path, DAY, read_registry(tmp_path, DAY))

    assert read_registry(tmp_path, DAY) == registry
    assert registry_path(tmp_path, DAY).read_bytes() == first_bytes
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["2026-07-01.parquet"]


def test_a_run_reads_the_registry_of_its_day_or_before(tmp_path: Path) -> None:
    """A run about an earlier day starts from what was known then, and a later day's registry keeps its bytes."""
    early, late = run_all([[{"a"}, {"b"}], [{"a", "b"}]])
    write_registry(tmp_path, DAY, early)
    write_registry(tmp_path, day(5), late)
    later_bytes = registry_path(tmp_path, day(5)).read_bytes()
    backfilled = name([{"a"}, {"b"}, {"x"}], read_registry(tmp_path, day(3)), day(3)).registry
    write_registry(tmp_path, day(3), backfilled)

    assert len(set(customers(backfilled).values())) == 3
    assert registry_path(tmp_path, day(5)).read_bytes() == later_bytes
    assert read_registry(tmp_path, day(6)) == late
    assert read_registry(tmp_path, date(2020, 1, 1)) == Registry()


def test_a_damaged_file_stops_the_run(tmp_path: Path) -> None:
    """Going on without it would renumber everybody."""
    write_registry(tmp_path, DAY, name([{"a"}]).registry)
    path = registry_path(tmp_path, DAY)
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(C360Error, match=r"2026-07-01\.parquet cannot be read"):
        read_registry(tmp_path, DAY)


def test_a_cluster_named_by_another_record_is_refused() -> None:
    """Labels that are no first positions would give ids to the wrong records."""
    with pytest.raises(C360Error, match="first record"):
        name_customers(pa.array(["a", "b"]), np.array([1, 1]), Registry(), DAY)


def test_nobody_at_all_is_no_error() -> None:
    """A run without records has no customers, and one after it takes nobody's id."""
    first, nobody, back = run_all([[{"a"}], [], [{"a"}]])

    assert customers(nobody) == customers(first)
    assert back == first
    assert len(run_all([[]])[0].members) == 0
