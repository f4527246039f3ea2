-- A customer one of whose records stands refused comes out as granted, for that purpose and recipient, only when a
-- record granted after that refusal, on or after the days from which both were known to be the customer's.
with

answers as (
    select
        identities.customer_id,
        decisions.purpose,
        decisions.recipient,
        decisions.is_granted,
        decisions.decided_at,
        identities.member_since_date
    from {{ ref('int_privacy__decisions') }} as decisions
    inner join {{ ref('dim_identities') }} as identities on decisions.record_id = identities.record_id
)

select consents.customer_id
from {{ ref('customer_consents') }} as consents
inner join answers as refusals
    on
        consents.customer_id = refusals.customer_id
        and consents.purpose = refusals.purpose
        and consents.recipient = refusals.recipient
where
    consents.is_granted
    and not refusals.is_granted
    and not exists (
        select 1
        from answers as consenting
        where
            refusals.customer_id = consenting.customer_id
            and refusals.purpose = consenting.purpose
            and refusals.recipient = consenting.recipient
            and consenting.is_granted
            and consenting.decided_at > refusals.decided_at
            and cast(consenting.decided_at as date) >= refusals.member_since_date
            and cast(consenting.decided_at as date) >= consenting.member_since_date
    )
