"""Who is in an audience, for each of its destinations, and why everybody else it matched is not.

Every matched customer gets one row per destination, with the first of these that is true:

    excluded   no_consent:<purpose>   the destination was not granted a purpose of the audience
    excluded   no_identifier          there is neither an e-mail address nor a phone number
    held_out   holdout                kept back to measure what reaching the others changes
    member                            may be sent

The holdout is a fixed draw over customer and audience, made before consent is looked at: the same people are held out
for every destination and on every day, whatever they consent to in between. It shows only among those who could have
been sent, so the held-out share is a share of eligible customers.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from c360.audiences.compile import CompiledAudience, compile_audience
from c360.audiences.definition import AudienceDefinition
from c360.core.errors import C360Error, ConfigurationError
from c360.core.warehouse import Warehouse
from c360.privacy.consent import GRANTED_SQL, refusal_cases
from c360.privacy.hashing import share

MEMBER_SCHEMA = pa.schema(
    [
        ("audience_name", pa.string()),
        ("destination_name", pa.string()),
        ("customer_id", pa.string()),
        ("as_of_date", pa.date32()),
        ("status", pa.string()),
        ("reason", pa.string()),
    ]
)
"""The columns of `pipeline.audience_members`."""


@dataclass(frozen=True)
class Resolution:
    """One audience, resolved."""

    audience: AudienceDefinition
    members: pa.Table
    """Rows of `MEMBER_SCHEMA`, ordered by destination and customer."""
    missing_models: tuple[str, ...]
    """The models it reads that have no scores; one is enough that the audience matches nobody."""


def resolve_audience(
    warehouse: Warehouse, audience: AudienceDefinition, models: Collection[str], as_of: date
) -> Resolution:
    """Resolve one audience at `as_of`.

    Args:
        warehouse: Holds `customer_360` of that day, `dim_customers`, `customer_consents` and `scores`.
        audience: What its file declares.
        models: The models that exist, scored or not.
        as_of: The day `customer_360` must speak about.

    Raises:
        ConfigurationError: `where` does not compile, or compares values that cannot be compared.
    """
    compiled = compile_audience(audience, columns_of_customer_360(warehouse), models)
    missing = unscored_models(warehouse, compiled, as_of)
    if missing:
        return Resolution(audience, MEMBER_SCHEMA.empty_table(), missing)
    tables = [
        _members(audience, destination, as_of, _judged(warehouse, audience, compiled, destination))
        for destination in sorted(audience.destinations)
    ]
    return Resolution(audience, pa.concat_tables(tables), ())


def columns_of_customer_360(warehouse: Warehouse) -> list[str]:
    """The columns a `where` may name.

    Raises:
        ConfigurationError: `customer_360` has not been built.
    """
    if not warehouse.has_table("customer_360", "customer_360"):
        raise ConfigurationError(
            "There is no customer_360 to take audiences from. Run `c360 build customer_360` first."
        )
    return [str(row[0]) for row in warehouse.rows("select column_name from (describe customer_360.customer_360)")]


def unscored_models(warehouse: Warehouse, compiled: CompiledAudience, as_of: date) -> tuple[str, ...]:
    """The models a compiled audience reads that have no scores at `as_of`."""
    if not compiled.models:
        return ()
    if not warehouse.has_table("pipeline", "scores"):
        return compiled.models
    found = warehouse.rows("select distinct model_name from pipeline.scores where as_of_date = ?", [as_of])
    return tuple(model for model in compiled.models if (model,) not in found)


def _judged(
    warehouse: Warehouse, audience: AudienceDefinition, compiled: CompiledAudience, destination: str
) -> pa.Table:
    """`customer_id` and the reason to exclude it, empty for none, of everybody the audience matches."""
    sql = f"""
        with matched as ({compiled.sql}), granted as ({GRANTED_SQL})
        select
            matched.customer_id,
            case
                {refusal_cases(audience.purposes)}
                when person.email is null and person.phone is null then 'no_identifier'
                else ''
            end as reason
        from matched
        left join granted on matched.customer_id = granted.customer_id
        left join customer_360.dim_customers as person on matched.customer_id = person.customer_id
        order by matched.customer_id
    """
    try:
        return warehouse.arrow(sql, [destination])
    except duckdb.BinderException:
        raise _cannot_compare(audience) from None
    except C360Error as error:
        raise _cannot_compare(audience) from error


def _cannot_compare(audience: AudienceDefinition) -> ConfigurationError:
    return ConfigurationError(
        f"{audience.name}.yml: `where` cannot be worked out: it compares or calculates values of different kinds, such "
        "as a number with a text. Check each column's type in the description of customer_360."
    )


def _members(audience: AudienceDefinition, destination: str, as_of: date, judged: pa.Table) -> pa.Table:
    customers = judged.column("customer_id").to_pylist()
    exclusions = judged.column("reason").to_pylist()
    outcomes = [
        ("excluded", exclusion) if exclusion else _drawn(customer, audience)
        for customer, exclusion in zip(customers, exclusions, strict=True)
    ]
    columns: dict[str, Iterable[object]] = {
        "audience_name": [audience.name] * len(customers),
        "destination_name": [destination] * len(customers),
        "customer_id": customers,
        "as_of_date": [as_of] * len(customers),
        "status": [status for status, _ in outcomes],
        "reason": [reason for _, reason in outcomes],
    }
    return pa.table(columns, schema=MEMBER_SCHEMA)


def _drawn(customer: str, audience: AudienceDefinition) -> tuple[str, str]:
    """Held out or member: the draw knows the customer and the audience, not the destination or the day."""
    return ("held_out", "holdout") if share(customer, audience.name) < audience.holdout_rate else ("member", "")
