with

web_events as (
    {{ union_feed('web_events') }}
),

identities as (
    select * from {{ ref('dim_identities') }}
),

web_events_of_customers as (
    select
        -- ids
        web_events.event_id,
        web_events.source_name,
        web_events.record_id,
        identities.customer_id,
        web_events.product_id,

        -- strings
        web_events.event_name,

        -- timestamps
        web_events.occurred_at
    from web_events
    left join identities on web_events.record_id = identities.record_id
    where web_events.occurred_at < {{ as_of() }}
)

select * from web_events_of_customers
