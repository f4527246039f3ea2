with

decisions as (
    select * from {{ ref('int_privacy__decisions') }}
),

identities as (
    select * from {{ ref('dim_identities') }}
),

records as (
    select * from {{ ref('int_identity__records') }}
),

identifiers as (
    select * from {{ ref('int_identity__identifiers') }}
),

refused_merges as (
    select * from {{ source('pipeline', 'identity_refused_merges') }}
),

bridges as (
    select * from {{ source('pipeline', 'identity_bridges') }}
),

refusals as (
    select
        identities.customer_id,
        decisions.purpose,
        decisions.recipient,
        max(decisions.decided_at) as refused_at,
        max(identities.member_since_date) as known_since_date
    from decisions
    inner join identities on decisions.record_id = identities.record_id
    where not coalesce(decisions.is_granted, false)
    group by identities.customer_id, decisions.purpose, decisions.recipient
),

-- Somebody whose name nobody knows may be any of the people who share their identifier.
nameless_customers as (
    select identities.customer_id
    from identities
    inner join records on identities.record_id = records.record_id
    group by identities.customer_id
    having max(case when records.first_name <> '' or records.last_name <> '' then 1 else 0 end) = 0
),

-- A device attaches visits to a person, and is no hint that two people who sign in on it are one.
holders as (
    select distinct
        identities.customer_id,
        identifiers.identifier_type,
        identifiers.identifier_value
    from bridges
    inner join identifiers
        on
            bridges.identifier_type = identifiers.identifier_type
            and bridges.identifier_value = identifiers.identifier_value
    inner join identities on identifiers.record_id = identities.record_id
    where bridges.action <> 'blocked' and bridges.identifier_type in {{ identifier_types(joins='people') }}
),

refusals_of_values as (
    select
        holders.identifier_type,
        holders.identifier_value,
        refusals.purpose,
        refusals.recipient,
        max(refusals.refused_at) as refused_at,
        max(refusals.known_since_date) as known_since_date
    from holders
    inner join nameless_customers on holders.customer_id = nameless_customers.customer_id
    inner join refusals on holders.customer_id = refusals.customer_id
    group by holders.identifier_type, holders.identifier_value, refusals.purpose, refusals.recipient
),

undecided_records as (
    select
        left_record_id as record_id,
        right_record_id as other_record_id
    from refused_merges
    where reason = 'ambiguous'
    union all
    select
        right_record_id as record_id,
        left_record_id as other_record_id
    from refused_merges
    where reason = 'ambiguous'
),

undecided_customers as (
    select distinct
        identities.customer_id,
        other_identities.customer_id as other_customer_id
    from undecided_records
    inner join identities on undecided_records.record_id = identities.record_id
    inner join identities as other_identities on undecided_records.other_record_id = other_identities.record_id
),

refusals_that_may_be_theirs as (
    select
        holders.customer_id,
        refusals_of_values.purpose,
        refusals_of_values.recipient,
        refusals_of_values.refused_at,
        refusals_of_values.known_since_date
    from holders
    inner join refusals_of_values
        on
            holders.identifier_type = refusals_of_values.identifier_type
            and holders.identifier_value = refusals_of_values.identifier_value
    union all
    select
        undecided_customers.customer_id,
        refusals.purpose,
        refusals.recipient,
        refusals.refused_at,
        refusals.known_since_date
    from undecided_customers
    inner join refusals on undecided_customers.other_customer_id = refusals.customer_id
),

shared_refusals as (
    select
        -- ids
        customer_id,

        -- strings
        purpose,
        recipient,

        -- dates
        max(known_since_date) as known_since_date,

        -- timestamps
        max(refused_at) as refused_at
    from refusals_that_may_be_theirs
    group by customer_id, purpose, recipient
)

select * from shared_refusals
