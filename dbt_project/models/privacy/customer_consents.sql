with

decisions as (
    select * from {{ ref('int_privacy__decisions') }}
),

identities as (
    select * from {{ ref('dim_identities') }}
),

shared_refusals as (
    select * from {{ ref('int_privacy__shared_refusals') }}
),

own_answers as (
    select
        identities.customer_id,
        decisions.purpose,
        decisions.recipient,
        coalesce(decisions.is_granted, false) as is_granted,
        cast(identities.member_since_date as {{ dbt.type_timestamp() }}) as known_since,
        decisions.decided_at
    from decisions
    inner join identities on decisions.record_id = identities.record_id
),

answers as (
    select * from own_answers
    union all
    select
        customer_id,
        purpose,
        recipient,
        false as is_granted,
        cast(known_since_date as {{ dbt.type_timestamp() }}) as known_since,
        refused_at as decided_at
    from shared_refusals
),

-- A person who grants once we know their records for one speaks for all of them; before that, for one record only.
customer_answers as (
    select
        customer_id,
        purpose,
        recipient,
        max(case when is_granted then decided_at end) as granted_at,
        max(case when is_granted and decided_at >= known_since then decided_at end) as granted_for_all_at,
        max(case when not is_granted then decided_at end) as refused_at,
        max(case when not is_granted then known_since end) as refusals_known_since
    from answers
    group by customer_id, purpose, recipient
),

-- Else the more restrictive answer wins: a refusal of any record over grants of the others, older or newer.
granted as (
    select
        *,
        granted_at is not null and (
            refused_at is null
            or coalesce(granted_for_all_at > refused_at and granted_for_all_at >= refusals_known_since, false)
        ) as is_granted
    from customer_answers
),

consents as (
    select
        -- ids
        customer_id,

        -- strings
        purpose,
        recipient,

        -- booleans
        is_granted,

        -- timestamps
        case when is_granted then granted_at else coalesce(refused_at, granted_at) end as decided_at
    from granted
)

select * from consents
