with

identities as (
    select * from {{ ref('dim_identities') }}
),

customers as (
    select
        customer_id,
        count(*) as record_count,
        count(distinct source_name) as source_count
    from identities
    group by customer_id
),

cluster_sizes as (
    select
        -- numerics
        record_count,
        count(*) as customer_count,
        count(*) * record_count as record_total_count,
        max(source_count) as most_source_count
    from customers
    group by record_count
)

select * from cluster_sizes
