with

refused_merges as (
    select * from {{ source('pipeline', 'identity_refused_merges') }}
),

identities as (
    select * from {{ ref('dim_identities') }}
),

-- The same two records may be refused for one reason at several stages: once is enough to know.
refused_pairs as (
    select
        left_record_id,
        right_record_id,
        rule,
        reason,
        max(score) as score
    from refused_merges
    group by left_record_id, right_record_id, rule, reason
),

pairs_of_customers as (
    select
        -- ids
        refused_pairs.left_record_id,
        refused_pairs.right_record_id,
        lefts.customer_id as left_customer_id,
        rights.customer_id as right_customer_id,

        -- strings
        refused_pairs.rule,
        refused_pairs.reason,

        -- numerics
        refused_pairs.score,

        -- booleans
        lefts.customer_id = rights.customer_id as is_one_customer
    from refused_pairs
    inner join identities as lefts on refused_pairs.left_record_id = lefts.record_id
    inner join identities as rights on refused_pairs.right_record_id = rights.record_id
)

select * from pairs_of_customers
