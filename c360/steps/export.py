"""Write what a destination would receive, as files: nothing is sent yet."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from c360.audiences.definition import AudienceDefinition, load_audiences
from c360.core.errors import ConfigurationError
from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.warehouse import Warehouse, open_warehouse
from c360.destinations.batches import Prepared, prepare
from c360.destinations.destination import Destination, Json
from c360.destinations.files import start_folder, swap_in, write_audience
from c360.destinations.members import check_members, outcomes_of_matched, read_members
from c360.destinations.registry import find_destination

_RESULT_SCHEMA = pa.schema(
    [
        ("destination_name", pa.string()),
        ("audience_name", pa.string()),
        ("customer_id", pa.string()),
        ("as_of_date", pa.date32()),
        ("status", pa.string()),
        ("reason", pa.string()),
        ("batch_file", pa.string()),
    ]
)


@dataclass(frozen=True)
class AudienceExport:
    """One audience as it was written: members = written + refused."""

    audience_name: str
    written_count: int
    refused: dict[str, int]
    """How many members were not written, by reason."""
    batch_count: int
    why_empty: str
    """Why nothing was written; empty when something was."""


@dataclass(frozen=True)
class ExportResult:
    """What one destination would receive, and where it lies."""

    destination_name: str
    folder: Path
    audiences: tuple[AudienceExport, ...]
    dry_run: bool


def export(run: RunContext, destination_name: str, dry_run: bool = True) -> ExportResult:
    """Write the payloads of every audience of a destination to `exports/<as_of>/<destination>/<audience>/`.

    Consent is read again: who withdrew since the audience was resolved is refused with `no_consent:<purpose>`. Every
    member gets a row in `pipeline.export_results`. The same tables give the same bytes.

    Raises:
        ConfigurationError: the destination is unknown, an earlier step has not run, or `dry_run` is False.
        ExportStopped: the rows to send hold somebody who is not a member.
    """
    destination = find_destination(destination_name)
    if not dry_run:
        raise ConfigurationError(
            f"Sending to {destination_name} over HTTP is not built yet; only a dry run is. Run `c360 export "
            f"{destination_name}` and read the payload files it writes."
        )
    audiences = [one for one in load_audiences(run.settings.audiences_dir) if destination_name in one.destinations]
    folder = run.settings.exports_dir / run.as_of.isoformat() / destination_name
    with open_warehouse(run.settings) as warehouse:
        check_members(warehouse, destination_name, run.as_of)
        unfinished = start_folder(folder)
        written = [_export_audience(warehouse, run, destination, audience, unfinished) for audience in audiences]
        swap_in(unfinished, folder)
        results = pa.concat_tables([_RESULT_SCHEMA.empty_table(), *(rows for _, rows in written)])
        warehouse.replace_rows(
            "export_results", results, {"destination_name": destination_name, "as_of_date": run.as_of}
        )
    return ExportResult(destination_name, folder, tuple(one for one, _ in written), dry_run)


def _export_audience(
    warehouse: Warehouse, run: RunContext, destination: Destination, audience: AudienceDefinition, folder: Path
) -> tuple[AudienceExport, pa.Table]:
    """Write one audience into `folder`; return its figures and its rows of `pipeline.export_results`."""
    name = destination.SPEC.name
    members = read_members(warehouse, name, audience.name, audience.purposes, run.as_of)
    prepared = prepare(destination, members.people, audience.name, run.as_of, dry_run=True)
    refused = members.refused | prepared.refused
    outcomes = outcomes_of_matched(warehouse, name, audience.name, run.as_of)
    exported = AudienceExport(
        audience_name=audience.name,
        written_count=len(members.people) - len(prepared.refused),
        refused=dict(sorted(Counter(refused.values()).items())),
        batch_count=len(prepared.batches),
        why_empty="" if prepared.batches else _why_empty(warehouse, run, audience, outcomes, refused),
    )
    write_audience(folder / audience.name, prepared, _facts(run, destination, audience, outcomes, exported, prepared))
    get_logger().info(
        "audience_exported",
        destination=name,
        audience=audience.name,
        written=exported.written_count,
        refused=exported.refused,
        batches=exported.batch_count,
        why_empty=exported.why_empty,
    )
    return exported, _results(run, name, audience.name, prepared, refused)


def _why_empty(
    warehouse: Warehouse,
    run: RunContext,
    audience: AudienceDefinition,
    outcomes: dict[str, int],
    refused: dict[str, str],
) -> str:
    if not outcomes:
        missing = _models_without_scores(warehouse, run, audience)
        cause = f"model {missing} has no scores of {run.as_of}" if missing else "no customer meets its condition"
        return f"Nobody is in the audience: {cause}."
    left_out = Counter({reason: count for reason, count in outcomes.items() if reason != "member"})
    left_out.update(refused.values())
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(left_out.items()))
    return f"None of the {sum(outcomes.values())} customers who meet its condition may be sent: {reasons}."


def _models_without_scores(warehouse: Warehouse, run: RunContext, audience: AudienceDefinition) -> str:
    """What `resolve` found missing, separated by commas; empty when nothing was."""
    found = warehouse.rows(
        "select max(models_without_scores) from pipeline.audiences where audience_name = ? and as_of_date = ?",
        [audience.name, run.as_of],
    )
    return str(found[0][0] or "")


def _facts(
    run: RunContext,
    destination: Destination,
    audience: AudienceDefinition,
    outcomes: dict[str, int],
    exported: AudienceExport,
    prepared: Prepared,
) -> dict[str, Json]:
    """The manifest, but for the batches: what this export is and how many became what."""
    spec = destination.SPEC
    return {
        "destination": spec.name,
        "audience": audience.name,
        "use": audience.use,
        "as_of": run.as_of.isoformat(),
        "dry_run": True,
        "endpoint": spec.endpoint,
        "spec_version": spec.version,
        "purposes": audience.purposes,
        "matched_count": sum(outcomes.values()),
        "left_out": {reason: count for reason, count in outcomes.items() if reason != "member"},
        "member_count": outcomes.get("member", 0),
        "written_count": exported.written_count,
        "refused": exported.refused,
        "identifiers_dropped": prepared.dropped,
        "smallest_audience": spec.limits.smallest_audience,
        "is_large_enough": exported.written_count >= spec.limits.smallest_audience,
        "why_empty": exported.why_empty,
    }


def _results(run: RunContext, destination: str, audience: str, prepared: Prepared, refused: dict[str, str]) -> pa.Table:
    base = f"{run.as_of.isoformat()}/{destination}/{audience}"
    fates: dict[str, tuple[str, str, str | None]] = {
        customer: ("written", "", f"{base}/{batch.file_name}")
        for batch in prepared.batches
        for customer in batch.customer_ids
    }
    fates |= {customer: ("refused", reason, None) for customer, reason in refused.items()}
    rows = [(destination, audience, customer, run.as_of, *fates[customer]) for customer in sorted(fates)]
    columns = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in _RESULT_SCHEMA]
    return pa.table(dict(zip(_RESULT_SCHEMA.names, columns, strict=True)), schema=_RESULT_SCHEMA)
