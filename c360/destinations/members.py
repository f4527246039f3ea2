"""Who is to be sent, read from the warehouse at the moment of sending."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import NamedTuple

from c360.core.errors import ConfigurationError, ExportStopped
from c360.core.warehouse import Warehouse
from c360.destinations.destination import Person
from c360.privacy.consent import GRANTED_SQL, refusal_cases

_PERSON_COLUMNS = [field.name for field in fields(Person) if field.name != "customer_id"]


class Members(NamedTuple):
    """The members of one audience: every one is among the people to send or refused with a reason."""

    people: list[Person]
    refused: dict[str, str]
    """Customer to reason: `no_consent:<purpose>` when consent is gone, `not_in_export` when the view lacks them."""


def check_members(warehouse: Warehouse, destination: str, as_of: date) -> None:
    """Raise unless the rows to send are there, each of them a member of the day and only once.

    Raises:
        ConfigurationError: an earlier step has not run.
        ExportStopped: a row is not a member (held out, excluded, never in the audience), or is there twice.
    """
    for schema, table, step in (
        ("pipeline", "audience_members", "resolve"),
        ("exports", f"sync_{destination}", "build exports"),
        ("pipeline", "audiences", "resolve"),
    ):
        if not warehouse.has_table(schema, table):
            raise ConfigurationError(f"There is no {schema}.{table} to export from. Run `c360 {step}` first.")
    strangers, doubles = warehouse.rows(
        f"""
        select
            count(*) filter (member.customer_id is null),
            count(*) - count(distinct (sync.audience_name, sync.customer_id))
        from exports.sync_{destination} as sync
        left join pipeline.audience_members as member
            on sync.audience_name = member.audience_name and sync.customer_id = member.customer_id
            and member.destination_name = ? and member.as_of_date = ? and member.status = 'member'
        """,
        [destination, as_of],
    )[0]
    if strangers or doubles:
        raise ExportStopped(
            f"exports.sync_{destination} holds {strangers} rows that are not members of {as_of} and {doubles} that are "
            "there twice; nothing was written. Run `c360 build exports` for this day, then export again."
        )


def read_members(
    warehouse: Warehouse, destination: str, audience_name: str, purposes: Sequence[str], as_of: date
) -> Members:
    """Read the members of an audience and what they consent to now.

    Args:
        warehouse: Holds the members, their consents and `exports.sync_<destination>`.
        destination: The recipient whose consents count.
        audience_name: The audience.
        purposes: What every person must have granted.
        as_of: The day of the run.
    """
    columns = ", ".join(f"coalesce(sync.{column}, '')" for column in _PERSON_COLUMNS)
    rows = warehouse.rows(
        f"""
        with granted as ({GRANTED_SQL})
        select
            member.customer_id,
            case
                {refusal_cases(purposes)}
                when sync.customer_id is null then 'not_in_export'
                else ''
            end,
            {columns}
        from pipeline.audience_members as member
        left join granted on member.customer_id = granted.customer_id
        left join exports.sync_{destination} as sync
            on member.customer_id = sync.customer_id and member.audience_name = sync.audience_name
        where
            member.destination_name = ? and member.audience_name = ? and member.as_of_date = ?
            and member.status = 'member'
        order by member.customer_id
        """,
        [destination, destination, audience_name, as_of],
    )
    people = [Person(customer, *known) for customer, refusal, *known in rows if not refusal]
    return Members(people, {customer: refusal for customer, refusal, *_ in rows if refusal})


def outcomes_of_matched(warehouse: Warehouse, destination: str, audience_name: str, as_of: date) -> dict[str, int]:
    """Count the customers an audience matched: how many are `member`, and how many are not, by reason."""
    found = warehouse.rows(
        """
        select case when status = 'member' then status else reason end as outcome, count(*)
        from pipeline.audience_members
        where destination_name = ? and audience_name = ? and as_of_date = ?
        group by outcome
        order by outcome
        """,
        [destination, audience_name, as_of],
    )
    return {outcome: int(count) for outcome, count in found}
