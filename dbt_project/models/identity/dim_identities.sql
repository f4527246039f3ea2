with

records as (
    select * from {{ ref('int_identity__records') }}
),

clusters as (
    select * from {{ source('pipeline', 'identity_clusters') }}
),

edges as (
    select * from {{ source('pipeline', 'identity_edges') }}
),

edge_ends as (
    select
        left_record_id as record_id,
        rule
    from edges
    union all
    select
        right_record_id as record_id,
        rule
    from edges
),

record_rules as (
    select
        record_id,
        {{ listed('rule') }} as link_rules
    from edge_ends
    group by record_id
),

identities as (
    select
        -- ids
        records.record_id,
        clusters.customer_id,
        records.source_name,

        -- strings
        coalesce(record_rules.link_rules, '') as link_rules,

        -- dates
        clusters.member_since_date
    from records
    inner join clusters on records.record_id = clusters.record_id
    left join record_rules on records.record_id = record_rules.record_id
)

select * from identities
