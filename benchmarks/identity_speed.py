"""How long identity takes as it grows: closure against scipy, a full run, and a day with a few new records.

    uv run python benchmarks/identity_speed.py closure --edges 1000000 --edges 10000000
    uv run python benchmarks/identity_speed.py full --people 10000 --people 100000 --people 1000000 --folder /tmp/worlds
    uv run python benchmarks/identity_speed.py day --people 100000 --folder /tmp/worlds

`closure`: our closure and `scipy.sparse.csgraph.connected_components`, with the building of its matrix, by turns on the
same integer edges; the best of the rounds. `families` are stars of one to eleven records, as identifiers make them;
`random` has one component of nearly everybody and `chain` a single path through all records, in random order.

`full`: the step `c360 identify` on a sample world, in a process of its own: wall clock, CPU seconds, and the peak of
its resident memory. Nothing is remembered from before, so matching learns too. A world has some six records per person.

`day`: 1 % of the records, drawn at random, are taken out of the tables that identity reads; a run sees the others, then
a run of the next day sees all. That run is the day. It is held against a full run on the same tables, in time and,
record by record, in who is one person.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer
from identity_world import MEGABYTE, UNTIL, Taken, World, staged
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from c360.identity.exact.components import components

app = typer.Typer(no_args_is_help=True, help=__doc__)

Ends = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]
"""Left and right ends of edges, and how many records there are."""
LARGEST_FAMILY = 11
SEED = 7
NEXT_DAY = "2026-07-02"
READ_BY_IDENTITY = ("int_identity__records", "int_identity__identifiers")
IS_NEW = "hash(record_id) % 100 = 0"
TAKEN_HEADER = f"{'seconds':>10}{'CPU s':>8}{'peak MB':>10}"
SHOWN_SECONDS = 0.1
Folder = Annotated[
    Path | None, typer.Option(help="Keep the worlds here and use those that are there. Default: neither.")
]


@app.command()
def closure(
    edges: Annotated[list[int], typer.Option(help="How many edges; give it several times.")] = [1_000_000],  # noqa: B006
    rounds: Annotated[int, typer.Option(help="The best of so many counts.")] = 3,
) -> None:
    """Seconds of closure, of scipy, and their ratio."""
    _print(f"{'edges':>12} {'kind':<10}{'records':>12}{'components':>12}{'c360, s':>10}{'scipy, s':>10}{'ratio':>8}")
    for count in edges:
        for kind, make in EDGES.items():
            _print(_compared(kind, make(np.random.default_rng(SEED), count), rounds))


def _families(chance: np.random.Generator, edge_count: int) -> Ends:
    """Stars of one to `LARGEST_FAMILY` records, six on average: each record is tied to the first of its family."""
    sizes = chance.integers(1, LARGEST_FAMILY + 1, size=edge_count)
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes - 1), edge_count)) + 1]
    record_count = int(sizes.sum())
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    members = np.flatnonzero(first != np.arange(record_count))
    return _shuffled(chance, first[members], members, record_count)


def _random(chance: np.random.Generator, edge_count: int) -> Ends:
    record_count = edge_count // 2
    lefts, rights = chance.integers(0, record_count, size=(2, edge_count))
    return lefts, rights, record_count


def _chain(chance: np.random.Generator, edge_count: int) -> Ends:
    places = np.arange(edge_count)
    return _shuffled(chance, places, places + 1, edge_count + 1)


def _shuffled(chance: np.random.Generator, left: Any, right: Any, record_count: int) -> Ends:
    """The same edges under other numbers and in another order, so that nothing is near in memory by luck."""
    numbers, order = chance.permutation(record_count), chance.permutation(len(left))
    return numbers[left[order]], numbers[right[order]], record_count


EDGES: dict[str, Callable[[np.random.Generator, int], Ends]] = {
    "families": _families,
    "random": _random,
    "chain": _chain,
}


def _compared(kind: str, ends: Ends, rounds: int) -> str:
    ours, theirs = [], []
    for _ in range(rounds):
        seconds, labels = _timed(_by_c360, ends)
        ours.append(seconds)
        seconds, expected = _timed(_by_scipy, ends)
        theirs.append(seconds)
    _check_same(labels, expected)
    count = len(np.unique(labels))
    ratio = min(ours) / min(theirs)
    return (
        f"{len(ends[0]):>12,} {kind:<10}{ends[2]:>12,}{count:>12,}{min(ours):>10.2f}{min(theirs):>10.2f}{ratio:>8.2f}"
    )


def _by_c360(left: Any, right: Any, record_count: int) -> Any:
    return components(record_count, left, right)


def _by_scipy(left: Any, right: Any, record_count: int) -> Any:
    ties = coo_array((np.ones(len(left)), (left, right)), shape=(record_count, record_count))
    return connected_components(ties, directed=False)[1]


def _timed(work: Callable[..., Any], ends: Ends) -> tuple[float, Any]:
    started = time.perf_counter()
    found = work(*ends)
    return time.perf_counter() - started, found


def _check_same(labels: Any, expected: Any) -> None:
    """Stop when the two partitions differ."""
    _, first = np.unique(expected, return_index=True)
    if not (labels == labels[first][expected]).all() or len(np.unique(labels)) != len(first):
        raise SystemExit("Closure and scipy do not agree on who is together.")


@app.command()
def full(
    people: Annotated[list[int], typer.Option(help="People of a world; give it several times.")] = [10_000],  # noqa: B006
    folder: Folder = None,
) -> None:
    """Seconds and peak memory of a full run, and where the time goes."""
    _print(f"{'people':>10}{'records':>12}{'customers':>12}{TAKEN_HEADER}  seconds of each stage")
    for count in people:
        with staged(count, SEED, folder) as world:
            world.forget()
            taken = world.run("identify", "--as-of", UNTIL)
            records, customers = _counted(world)
            _print(f"{count:>10,}{records:>12,}{customers:>12,}{_told(taken)}  {_stages(taken)}")


@app.command()
def day(
    people: Annotated[list[int], typer.Option(help="People of a world; give it several times.")] = [10_000],  # noqa: B006
    folder: Folder = None,
) -> None:
    """Seconds of a day that brings 1 % of the records, against a full run, and whether both say the same."""
    _print(f"{'people':>10}{'new records':>12}  {'run':<5}{TAKEN_HEADER}  seconds of each stage")
    for count in people:
        with staged(count, SEED, folder) as world:
            world.forget()
            with _without_new_records(world) as new_count:
                world.run("identify", "--as-of", UNTIL)
            of_the_day = world.run("identify", "--as-of", NEXT_DAY)
            found = _people(world)
            world.forget(but_what_matching_learned=True)
            of_all = world.run("identify", "--as-of", NEXT_DAY)
            for name, taken in (("day", of_the_day), ("full", of_all)):
                _print(f"{count:>10,}{new_count:>12,}  {name:<5}{_told(taken)}  {_stages(taken)}")
            same = "the same" if _people(world) == found else "NOT the same"
            ratio = of_the_day.seconds / of_all.seconds
            _print(f"the day took {ratio:.1%} of the full run and says {same}")


@contextmanager
def _without_new_records(world: World) -> Iterator[int]:
    """Take one record in a hundred out of the tables that identity reads, and put them back afterwards."""
    with world.changed() as warehouse:
        for table in READ_BY_IDENTITY:
            warehouse.execute(f"create or replace table main.{table}_new as from identity.{table} where {IS_NEW}")
            warehouse.execute(f"delete from identity.{table} where {IS_NEW}")
        ((count,),) = warehouse.execute(f"select count(*) from main.{READ_BY_IDENTITY[0]}_new").fetchall()
    try:
        yield int(count)
    finally:
        with world.changed() as warehouse:
            for table in READ_BY_IDENTITY:
                warehouse.execute(f"insert into identity.{table} from main.{table}_new")
                warehouse.execute(f"drop table main.{table}_new")


def _people(world: World) -> list[tuple[str, str]]:
    """Each record with the first record of the same person."""
    found = world.rows(
        "select record_id, min(record_id) over (partition by customer_id) as first from pipeline.identity_clusters"
    )
    return sorted(zip(found["record_id"], found["first"], strict=True))


def _counted(world: World) -> tuple[int, int]:
    counts = world.rows(
        "select count(*) as records, count(distinct customer_id) as customers from pipeline.identity_clusters"
    )
    return int(counts["records"].iloc[0]), int(counts["customers"].iloc[0])


def _told(taken: Taken) -> str:
    return f"{taken.seconds:>10.1f}{taken.cpu_seconds:>8.0f}{taken.peak_bytes / MEGABYTE:>10,.0f}"


def _stages(taken: Taken) -> str:
    return ", ".join(f"{name} {seconds:.1f}" for name, seconds in taken.stages.items() if seconds >= SHOWN_SECONDS)


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    app()
