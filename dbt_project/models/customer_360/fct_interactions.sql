with

interactions as (
    {{ union_feed('interactions') }}
),

identities as (
    select * from {{ ref('dim_identities') }}
),

interactions_of_customers as (
    select
        -- ids
        interactions.interaction_id,
        interactions.source_name,
        interactions.record_id,
        identities.customer_id,
        interactions.product_id,
        interactions.order_id,
        interactions.store_id,

        -- strings
        interactions.channel,
        interactions.interaction_kind,
        interactions.topic,

        -- numerics
        interactions.duration_seconds,

        -- booleans
        interactions.is_resolved,

        -- timestamps
        interactions.occurred_at
    from interactions
    left join identities on interactions.record_id = identities.record_id
    where interactions.occurred_at < {{ as_of() }}
)

select * from interactions_of_customers
