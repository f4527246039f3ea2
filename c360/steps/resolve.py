"""Resolve every audience to its members, and give a reason for everybody left out."""

from collections import Counter
from dataclasses import dataclass

import pyarrow as pa

from c360.audiences.definition import AudienceDefinition, load_audiences
from c360.audiences.resolve import MEMBER_SCHEMA, Resolution, columns_of_customer_360, resolve_audience
from c360.core.errors import ConfigurationError
from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.warehouse import Warehouse, open_warehouse
from c360.destinations.registry import find_destination
from ml.registry import model_names

AUDIENCE_SCHEMA = pa.schema(
    [
        ("audience_name", pa.string()),
        ("destination_name", pa.string()),
        ("as_of_date", pa.date32()),
        ("models_without_scores", pa.string()),
    ]
)


@dataclass(frozen=True)
class AudienceCount:
    """How one audience came out for one destination: matched = excluded + held out + members."""

    audience_name: str
    destination_name: str
    matched_count: int
    excluded: dict[str, int]
    """How many were left out, by reason."""
    held_out_count: int
    member_count: int
    missing_models: tuple[str, ...]
    """Models without scores that the audience needs; then nobody matches."""


def resolve(run: RunContext) -> list[AudienceCount]:
    """Write `pipeline.audiences` and `pipeline.audience_members` of `run.as_of`: everybody matched, per destination.

    An audience that matches nobody has a row in the first all the same.

    Raises:
        ConfigurationError: an audience file is wrong, or `customer_360` is missing or speaks about another day.
    """
    audiences = load_audiences(run.settings.audiences_dir)
    for audience in audiences:
        check_purposes(audience)
    with open_warehouse(run.settings) as warehouse:
        _check_day(warehouse, run)
        models = model_names()
        resolutions = [resolve_audience(warehouse, audience, models, run.as_of) for audience in audiences]
        members = pa.concat_tables([MEMBER_SCHEMA.empty_table(), *(resolved.members for resolved in resolutions)])
        warehouse.replace_rows("audience_members", members, {"as_of_date": run.as_of})
        warehouse.replace_rows("audiences", _resolved_audiences(run, resolutions), {"as_of_date": run.as_of})
    return [
        _counted(resolved, destination) for resolved in resolutions for destination in resolved.audience.destinations
    ]


def check_purposes(audience: AudienceDefinition) -> None:
    """Raise unless the audience asks consent to everything its destinations do with people.

    Raises:
        ConfigurationError: a destination is unknown, or needs a purpose that the audience does not list.
    """
    for destination in audience.destinations:
        needed = find_destination(destination).SPEC.required_purposes
        missing = [purpose for purpose in needed if purpose not in audience.purposes]
        if missing:
            raise ConfigurationError(
                f"{audience.name}.yml: `purposes` lacks {', '.join(missing)}, which {destination} needs of every "
                "member. Add it, or take the destination out."
            )


def _resolved_audiences(run: RunContext, resolutions: list[Resolution]) -> pa.Table:
    rows = [
        {
            "audience_name": resolved.audience.name,
            "destination_name": destination,
            "as_of_date": run.as_of,
            "models_without_scores": ", ".join(resolved.missing_models),
        }
        for resolved in resolutions
        for destination in resolved.audience.destinations
    ]
    return pa.Table.from_pylist(rows, AUDIENCE_SCHEMA)


def _check_day(warehouse: Warehouse, run: RunContext) -> None:
    columns_of_customer_360(warehouse)
    days = warehouse.rows("select distinct as_of_date from customer_360.customer_360")
    if days and days != [(run.as_of,)]:
        spoken_of = ", ".join(str(day) for (day,) in sorted(days))
        raise ConfigurationError(
            f"customer_360 speaks about {spoken_of} and the run about {run.as_of}. "
            f"Run `c360 build customer_360 --as-of {run.as_of}` first."
        )


def _counted(resolved: Resolution, destination: str) -> AudienceCount:
    rows = resolved.members.select(["destination_name", "status", "reason"]).to_pylist()
    outcomes = Counter((row["status"], row["reason"]) for row in rows if row["destination_name"] == destination)
    count = AudienceCount(
        audience_name=resolved.audience.name,
        destination_name=destination,
        matched_count=outcomes.total(),
        excluded={reason: number for (status, reason), number in sorted(outcomes.items()) if status == "excluded"},
        held_out_count=outcomes["held_out", "holdout"],
        member_count=outcomes["member", ""],
        missing_models=resolved.missing_models,
    )
    get_logger().info(
        "audience_resolved",
        audience=count.audience_name,
        destination=destination,
        matched=count.matched_count,
        excluded=count.excluded,
        held_out=count.held_out_count,
        members=count.member_count,
        models_without_scores=list(count.missing_models),
    )
    return count
