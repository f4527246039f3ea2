with

edges as (
    select * from {{ source('pipeline', 'identity_edges') }}
),

refused_merges as (
    select * from {{ ref('rpt_identity__refused_merges') }}
),

identities as (
    select * from {{ ref('dim_identities') }}
),

used as (
    select
        edges.rule,
        count(*) as link_count,
        count(distinct identities.customer_id) as customer_count,
        min(edges.score) as least_score
    from edges
    inner join identities on edges.left_record_id = identities.record_id
    group by edges.rule
),

refused as (
    select
        rule,
        count(*) as refused_count
    from refused_merges
    group by rule
),

rule_usage as (
    select
        -- strings
        coalesce(used.rule, refused.rule) as rule,

        -- numerics
        coalesce(used.link_count, 0) as link_count,
        coalesce(used.customer_count, 0) as customer_count,
        coalesce(refused.refused_count, 0) as refused_count,
        used.least_score
    from used
    full outer join refused on used.rule = refused.rule
)

select * from rule_usage
