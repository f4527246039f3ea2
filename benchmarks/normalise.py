"""Normal forms per second: the engine and Python together, against the library called once per value.

    uv run python benchmarks/normalise.py --values 1000000

Every value is different. The odd ones are written so that SQL leaves them to Python: a link for an address, a label
before a number, an abbreviated street. The peer is the library that knows the subject, called for each value and
nothing else: `email-validator`, and `phonenumbers` to parse, validate and format; for the other classes there is none.
`before` is c360's own function for each value, as the lake had it before the engine took the plain ones. Peer and
`before` are timed on a sample.
"""

import random
import time
from collections.abc import Callable, Sequence
from typing import Annotated

import duckdb
import phonenumbers
import pyarrow as pa
import typer
from anyascii import anyascii
from email_validator import validate_email

from c360.privacy.normalise import NORMAL_FORMS
from c360.sources.contracts.contract import Table
from c360.sources.lake.identifiers import count_not_normalised, normalise_identifiers, select_normalised

_SAMPLE = 20_000
_ROUNDS = 3
_FIRST = ("Zo\u00eb", "Jean-Luc", "Marie", "Andr\u00e9", "Fatima", "Anne-Sophie", "Karim", "L\u00e9a", "Paul", "Elif")
_ROADS = ("rue de la Gare", "avenue Foch", "place du March\u00e9", "chemin des Vignes", "boulevard Victor Hugo")


def _emails(number: int, odd: bool) -> str:
    address = f"{anyascii(_FIRST[number % 10])}.{number}@mail{number % 97}.example.com"
    return f"mailto:{address}" if odd else address


def _phones(number: int, odd: bool) -> str:
    digits = f"{600_000_000 + number % 69_000_000:09d}"
    written = f"0{digits[0]} {digits[1:3]} {digits[3:5]} {digits[5:7]} {digits[7:9]}"
    return f"Tel. {written}" if odd else written


def _names(number: int, odd: bool) -> str:
    letters = "".join(chr(97 + number // 26**place % 26) for place in range(5))
    return f"{_FIRST[number % 10]}  \u0141{letters}" if odd else f"{_FIRST[number % 10]} {letters.title()}"


def _addresses(number: int, odd: bool) -> str:
    road = _ROADS[number % 5].replace("avenue", "av.") if odd else _ROADS[number % 5]
    return f"{number // 5} bis, {road}" if odd else f"{number // 5} {road}"


def _postal_codes(number: int, odd: bool) -> str:
    code = f"{number % 100_000:05d}"
    return f"F-{code}" if odd else code


def _call_phonenumbers(raw: str) -> str:
    number = phonenumbers.parse(raw.removeprefix("Tel. "), "FR")
    phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _call_email_validator(raw: str) -> str:
    return validate_email(raw.removeprefix("mailto:"), check_deliverability=False).normalized


WRITERS: dict[str, Callable[[int, bool], str]] = {
    "email": _emails,
    "phone": _phones,
    "name": _names,
    "address": _addresses,
    "postal_code": _postal_codes,
}
PEERS: dict[str, Callable[[str], str]] = {
    "email": _call_email_validator,
    "phone": _call_phonenumbers,
}


def _rate(count: int, work: Callable[[], object]) -> float:
    """Values per second, the best of a few rounds."""
    seconds = []
    for _ in range(_ROUNDS):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return count / min(seconds)


def _table(personal: str) -> Table:
    country = {} if personal in ("email", "name") else {"country_column": "country"}
    column = {"type": "string", "personal": personal} | country
    return Table.model_validate(
        {
            "description": "Values.",
            "files": "*.csv",
            "format": "csv",
            "key": ["value"],
            "columns": {"value": column, "country": {"type": "string"}},
        }
    )


def _normalise_all(engine: duckdb.DuckDBPyConnection, table: Table) -> None:
    """All that a load does with an identifying column."""
    normalise_identifiers(engine, table)
    engine.execute(f"create or replace temp table written as {select_normalised(table)}")
    count_not_normalised(engine, table)


def _measure(personal: str, values: Sequence[str], threads: int) -> str:
    table = _table(personal)
    sample = values[:_SAMPLE]
    functions = NORMAL_FORMS[personal].functions.values()
    with duckdb.connect(config={"threads": threads}) as engine:
        engine.register("incoming", pa.table({"value": pa.array(values, pa.string())}))
        engine.execute("create table accepted_rows as select value, 'FR' as country from incoming")
        after = _rate(len(values), lambda: _normalise_all(engine, table))
    before = _rate(len(sample), lambda: [function(value, "FR") for value in sample for function in functions])
    line = f"{personal:12} {after:12,.0f} {before:12,.0f} {after / before:10.1f}"
    if personal in PEERS:
        peer = _rate(len(sample), lambda: [PEERS[personal](value) for value in sample])
        line += f" {peer:12,.0f} {after / peer:10.1f}"
    return line


def main(
    values: Annotated[int, typer.Option(help="Different values of each class.")] = 1_000_000,
    odd: Annotated[float, typer.Option(help="The share that only Python can normalise.")] = 0.05,
    threads: Annotated[int, typer.Option(help="Threads of the engine.")] = 2,
    seed: Annotated[int, typer.Option(help="Which values are odd.")] = 7,
) -> None:
    """Print values per second of each class: after, before and peer, and how many times faster the first is."""
    draw = random.Random(seed)  # noqa: S311  which values are odd is no secret
    typer.echo(f"{values:,} values, {odd:.0%} odd, {threads} threads, values per second, best of {_ROUNDS}")
    typer.echo(f"{'':12} {'after':>12} {'before':>12} {'ratio':>10} {'peer':>12} {'ratio':>10}")
    for personal, write in WRITERS.items():
        written = [write(number, draw.random() < odd) for number in range(values)]
        typer.echo(_measure(personal, list(dict.fromkeys(written)), threads))


if __name__ == "__main__":
    typer.run(main)
