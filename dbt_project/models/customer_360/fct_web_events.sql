with

web_events as (
    {{ union_feed('web_events') }}
),

identities as (
    select * from {{ ref('dim_identities') }}
),

devices as (
    select * from {{ ref('int_identity__devices') }}
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

        -- booleans
        web_events.record_id is not null and devices.record_id is null as is_signed_in,

        -- timestamps
        web_events.occurred_at
    from web_events
    left join identities on web_events.record_id = identities.record_id
    left join devices on web_events.record_id = devices.record_id
    where web_events.occurred_at < {{ as_of() }}
)

select * from web_events_of_customers
