with

decisions as (
    select * from {{ ref('int_privacy__decisions') }}
),

identities as (
    select * from {{ ref('dim_identities') }}
),

customer_answers as (
    select
        identities.customer_id,
        decisions.purpose,
        decisions.recipient,
        max(case when decisions.is_granted then decisions.decided_at end) as granted_at,
        max(case when not coalesce(decisions.is_granted, false) then decisions.decided_at end) as refused_at
    from decisions
    inner join identities on decisions.record_id = identities.record_id
    group by identities.customer_id, decisions.purpose, decisions.recipient
),

-- A refusal that stands on any record of the customer wins over grants on the others, older or newer.
consents as (
    select
        -- ids
        customer_id,

        -- strings
        purpose,
        recipient,

        -- booleans
        granted_at is not null and refused_at is null as is_granted,

        -- timestamps
        coalesce(refused_at, granted_at) as decided_at
    from customer_answers
)

select * from consents
