"""Who may be told to whom, read from `privacy.customer_consents`. What is not clearly granted is refused."""

from collections.abc import Sequence

GRANTED_SQL = """
    select customer_id, list(purpose) as purposes
    from (
        select customer_id, purpose
        from privacy.customer_consents
        where recipient = ?
        group by customer_id, purpose
        having bool_and(coalesce(is_granted, false))
    )
    group by customer_id
"""
"""A query with one parameter, the recipient: each customer with the purposes granted to it. No row: nothing granted."""


def refusal_cases(purposes: Sequence[str], granted: str = "granted") -> str:
    """Return the `when … then 'no_consent:<purpose>'` branches that catch a customer without one of `purposes`.

    Args:
        purposes: What must be granted, all of it; the first that is not is the reason.
        granted: The alias under which the rows of `GRANTED_SQL` were left-joined.

    Raises:
        ValueError: no purpose is given; nobody may be addressed for no purpose.
    """
    if not purposes:
        raise ValueError("consent to nothing is no consent")
    return "\n".join(
        f"when not coalesce(list_contains({granted}.purposes, '{purpose}'), false) then 'no_consent:{purpose}'"
        for purpose in purposes
    )
