"""The command line: a thin coat over the steps. Exit codes belong to the errors, in `c360.core.errors`."""

import subprocess
import sys
from dataclasses import astuple
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from c360.core.errors import C360Error, safe_message
from c360.core.log import configure_log
from c360.core.run import RunContext, start_run
from c360.core.settings import Settings
from c360.steps.daily import DAILY, take

HELP = """A customer-data platform in your own warehouse: from landed files to consented audiences.

Exit codes: 0 fine; 1 unexpected; 2 usage or configuration; 3 a gate failed, nothing was published; 4 partial export;
5 stopped by consent, minimum size, removal brake or a change of too many customers; 6 locked by another run;
7 a service is missing; 8 rows are not all accounted for.
"""
app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=HELP)
contract = typer.Typer(no_args_is_help=True, help="What sources promise: check contracts, and write their schema.")
app.add_typer(contract, name="contract")
quarantine = typer.Typer(no_args_is_help=True, help="What was refused: see where it came from, and judge it again.")
app.add_typer(quarantine, name="quarantine")
identity = typer.Typer(no_args_is_help=True, help="Who is one person: resolve any table, look ahead, decide, undo.")
app.add_typer(identity, name="identity")

AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help="The day the run speaks about, exclusive. Default: the newest day a landed file names.",
    ),
]


def main() -> None:
    """Run the command line and end with the exit code of what went wrong."""
    configure_log()
    try:
        app()
    except Exception as error:  # noqa: BLE001  the last place that can keep a quoted row out of the terminal
        sys.stderr.write(f"error: {safe_message(error)}\n")
        sys.exit(error.exit_code if isinstance(error, C360Error) else 1)


@app.command()
def run(as_of: AsOf = None) -> None:
    """Run every step, from landed files to the report: `c360 run --as-of 2026-07-01`."""
    context = _context(as_of)
    for step in DAILY:
        take(step, context)
    _show_summary(context)


@app.command()
def sample(
    customers: Annotated[int, typer.Option(min=1, help="How many people live in the sample world.")] = 5000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = 7,
    until: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="The morning of the export; the world ends the night before.")
    ] = datetime(2026, 7, 1),  # noqa: DTZ001  a date, not a moment
    years: Annotated[int, typer.Option(min=1, help="How many years of history.")] = 2,
    events_per_customer: Annotated[
        float | None,
        typer.Option(help="Web events, orders and campaign contacts per person. Default: as people visit, some 45."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that write a large world; no byte depends on it.")] = 2,
) -> None:
    """Write the raw files of a sample shop, and the truth about it: `c360 sample --customers 5000 --seed 7`."""
    from c360.sample.truth import Request
    from c360.steps.sample import sample as write_sample

    request = Request(customers, seed, until.date(), years, events_per_customer)
    write_sample(Settings(), request, worker_count=workers)


@app.command()
def ingest(as_of: AsOf = None) -> None:
    """Take landed files into the lake; refused rows and files go to quarantine."""
    take(("ingest",), _context(as_of))


@app.command()
def build(layer: str, as_of: AsOf = None) -> None:
    """Build one dbt layer: `c360 build customer_360`."""
    take(("build", layer), _context(as_of))


@app.command()
def identify(as_of: AsOf = None) -> None:
    """Decide which records are one customer."""
    take(("identify",), _context(as_of))


@app.command()
def gate(table: Annotated[str, typer.Argument()] = "customer_360", as_of: AsOf = None) -> None:
    """Check a table against its suite; exit 3 when a rule does not hold."""
    take(("gate", table), _context(as_of))


@app.command()
def train(model: Annotated[str, typer.Argument()] = "churn", as_of: AsOf = None) -> None:
    """Train a model on the past and test it on later time."""
    take(("train", model), _context(as_of))


@app.command()
def score(model: Annotated[str, typer.Argument()] = "churn", as_of: AsOf = None) -> None:
    """Score today's customers with the newest model that beat its baseline."""
    take(("score", model), _context(as_of))


@app.command()
def publish(as_of: AsOf = None) -> None:
    """Swap in a new version of the public tables."""
    take(("publish",), _context(as_of))


@app.command()
def resolve(as_of: AsOf = None) -> None:
    """Resolve every audience to its members, without those who said no (for records: `c360 identity resolve`)."""
    take(("resolve",), _context(as_of))


@app.command()
def export(destination: str, as_of: AsOf = None) -> None:
    """Write a destination's payloads as files, a dry run: `c360 export google_ads`."""
    take(("export", destination), _context(as_of))


@app.command()
def report(as_of: AsOf = None) -> None:
    """Write the HTML report of the run."""
    take(("report",), _context(as_of))


@app.command()
def summary(as_of: AsOf = None) -> None:
    """Print what the last run of a day did, in short tables."""
    _show_summary(_context(as_of))


@contract.command("new")
def contract_new(
    file: Annotated[Path, typer.Argument(help="A file as the source writes it: CSV, JSON lines or Parquet.")],
    source: Annotated[str | None, typer.Option("--source", help="The source's name.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a contract that is there.")] = False,
) -> None:
    """Draft a contract from a sample file: `c360 contract new data/landing/loyalty/members_2026-07-01.csv`."""
    from c360.steps.contract import new

    drafted = new(Settings(), file, source, force=force)
    typer.echo(f"Wrote {drafted.path}. Check:")
    for line in drafted.to_check:
        typer.echo(f"  {line}")


@contract.command("check")
def contract_check(source: Annotated[str | None, typer.Argument()] = None) -> None:
    """Say whether every contract, or one, can be used: `c360 contract check pos`."""
    from c360.steps.contract import check

    for one in check(Settings(), source):
        typer.echo(f"{one.source}: {len(one.tables)} table(s), owner {one.owner}")


@contract.command("schema")
def contract_schema() -> None:
    """Write contract.schema.json beside the contracts, which editors read to complete them."""
    from c360.steps.contract import schema

    typer.echo(schema(Settings()))


OfSource = Annotated[str | None, typer.Option("--source", help="Only this source.")]


@quarantine.command("list")
def quarantine_list(
    source: OfSource = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Only what was refused for this reason.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many rows are named.")] = 20,
) -> None:
    """List refused rows and files by place and reason, never by value: `c360 quarantine list --source pos`."""
    from c360.report.terminal import show_refused
    from c360.steps.quarantine import refused

    show_refused([astuple(one) for one in refused(Settings(), source, reason)], limit)


@quarantine.command("replay")
def quarantine_replay(source: OfSource = None, as_of: AsOf = None) -> None:
    """Judge refused rows and files again under today's contracts, and load what passes."""
    from c360.steps.quarantine import replay

    replayed = replay(_context(as_of), source)
    accepted, duplicates = (
        sum(getattr(one, f"{what}_count") for one in replayed) for what in ("accepted", "duplicate")
    )
    typer.echo(f"{accepted} rows accepted and {duplicates} found duplicates, in {len(replayed)} file(s)")


@identity.command("resolve")
def identity_resolve(
    records: Annotated[list[Path], typer.Option("--records", help="CSV or Parquet; given again, taken as one table.")],
    out: Annotated[Path, typer.Option("--out", help="CSV or Parquet; the edges go beside it, to <out>_edges.")],
    rules: Annotated[
        Path | None, typer.Option("--rules", help="What the columns are. Default: what their names suggest.")
    ] = None,
) -> None:
    """Resolve any table of records to people: `c360 identity resolve --records people.csv --out customers.csv`."""
    from c360.identity.record_files.column_names import as_yaml
    from c360.identity.rules import load_rules
    from c360.report.identity import show_counts, show_counts_by, show_lines
    from c360.steps.identity import assume, resolve_table

    settings = Settings()
    chosen = load_rules(rules) if rules else assume(settings, records)
    if not rules:
        typer.echo(f"Assumed of the columns' names, as no --rules are given:\n{as_yaml(chosen)}", err=True)
    found = resolve_table(settings, records, chosen, out)
    show_counts(
        {
            "records": found.record_count,
            "customers": found.customer_count,
            "records that say nothing": found.silent_count,
        }
    )
    show_counts_by("What ties them", found.links)
    show_counts_by("What was not followed", found.refusals)
    show_counts_by("Values that several people share", found.bridges)
    show_counts_by("Values that cannot be used", found.unusable)
    show_lines(f"Written  {path}" for path in found.paths)


@identity.command("plan")
def identity_plan(
    rules: Annotated[Path | None, typer.Option("--rules", help="The changed rules. Default: those of runs.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Approve the rules, however many customers they change.")] = False,
    as_of: AsOf = None,
) -> None:
    """Say who would merge and part under changed rules: `c360 identity plan --rules changed.yml`."""
    from c360.report.identity import show_counts, show_counts_by, show_lines, show_rows
    from c360.steps.plan import plan, stop_unless_approved

    found = plan(_context(as_of), rules, yes=yes)
    show_counts(
        {
            "customers today": found.before_count,
            "customers under these rules": found.after_count,
            "customers who would merge": found.merging_count,
            "customers who would part": found.splitting_count,
        }
    )
    changes = f"That changes {found.changed_share:.2%} of the customers; {found.allowed_share:.2%} are allowed."
    show_lines([changes if found.changed_share else "Nothing changes."])
    show_counts_by("What would merge them", found.merge_rules)
    show_counts_by("What ties them today, and would no longer", found.split_rules)
    show_counts_by("Why not, where it is still there", found.split_reasons)
    show_rows("Merges of most records", ["customers", "records", "why"], [astuple(one) for one in found.merges])
    show_rows("Splits of most records", ["customer", "records", "why"], [astuple(one) for one in found.splits])
    if yes:
        show_lines(["Approved: runs follow these rules from now on."])
    stop_unless_approved(found)


Reason = Annotated[str, typer.Option("--reason", help="Why, for whoever asks later. No personal value.")]
Force = Annotated[bool, typer.Option("--force", help="Take back earlier decisions that say otherwise.")]


@identity.command("split")
def identity_split(
    customer_id: str,
    record: Annotated[list[str], typer.Option("--record", help="Somebody else's; may be given several times.")],
    reason: Reason = "",
    force: Force = False,
    as_of: AsOf = None,
) -> None:
    """Decide that records are somebody else's, for good: `c360 identity split c_12ab --record pos:card:77`."""
    from c360.report.identity import show_rows
    from c360.steps.identity import split, still_tied

    run = _context(as_of)
    decision = split(run, customer_id, record, reason, force=force)
    typer.echo(
        f"{decision.decision_id}: {len(decision.left)} record(s) of {customer_id} are somebody else than the other "
        f"{len(decision.right)}. The next `c360 run` corrects everything that follows from it."
    )
    show_rows("Look at these: they share an identifier", ["still theirs", "shares"], still_tied(run, decision))


@identity.command("link")
def identity_link(record: str, other: str, reason: Reason = "", force: Force = False, as_of: AsOf = None) -> None:
    """Decide that two records are one person: `c360 identity link web_shop:account:5 pos:card:77`."""
    from c360.steps.identity import link

    decision = link(_context(as_of), record, other, reason, force=force)
    typer.echo(
        f"{decision.decision_id}: the two records are one person. The next `c360 run` corrects everything that follows "
        "from it."
    )


@identity.command("decisions")
def identity_decisions() -> None:
    """List what was decided, the oldest first; a later decision takes back earlier ones that it contradicts."""
    from c360.report.identity import show_rows
    from c360.steps.identity import decisions

    rows = [
        (one.decision_id, one.kind, one.decided_on.isoformat(), len(one.left), len(one.right), one.reason)
        for one in decisions(Settings())
    ]
    show_rows("Decisions", ["decision", "kind", "decided on", "records", "and", "reason"], rows)


@identity.command("train")
def identity_train(as_of: AsOf = None) -> None:
    """Let matching learn anew from today's records, and keep what it learned until the next time."""
    from c360.steps.identity import train as train_matching

    typer.echo(f"Matching learned from {train_matching(_context(as_of)):,} records; runs use it from now on.")


@app.command()
def explain(
    customer_id: str,
    other: Annotated[str | None, typer.Option("--other", help="One record: why it is theirs, or why not.")] = None,
    show_values: Annotated[bool, typer.Option("--show-values", help="Show personal values, not a trace.")] = False,
    as_of: AsOf = None,
) -> None:
    """Say why records are one customer: `c360 explain c_12ab --other pos:card:77`."""
    from c360.report.identity import show_lines, show_rows
    from c360.steps.explain import explain as find_evidence

    found = find_evidence(_context(as_of), customer_id, other, show_values=show_values)
    show_lines(found.sentences())
    evidence = ["from", "to", "source", "rule", "kind", "score", "what both say"]
    show_rows("Evidence, step by step", evidence, [astuple(one) for one in found.steps])
    refused = ["record", "other record", "rule", "not followed because", "score", "what both say"]
    show_rows("Evidence that was not followed", refused, [astuple(one) for one in found.refusals])


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def dbt(arguments: typer.Context, as_of: AsOf = None) -> None:
    """Run dbt by hand with the run's variables: `c360 dbt ls --select customer_360`."""
    from c360.steps.build import dbt_command

    command, environment = dbt_command(_context(as_of), arguments.args)
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)


def _context(as_of: datetime | None) -> RunContext:
    chosen: date | None = as_of.date() if as_of else None
    return start_run(Settings(), chosen)


def _show_summary(run: RunContext) -> None:
    from c360.report.figures import read_figures
    from c360.report.terminal import show

    show(read_figures(run))
