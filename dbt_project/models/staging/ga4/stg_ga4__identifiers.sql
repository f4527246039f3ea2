with

source as (
    select *
    from {{ source('ga4', 'events') }}
    where _is_current
),

-- A run sees whole days, so a day is as fine as a sighting needs to be.
device_days as (
    select
        user_id,
        user_pseudo_id,
        'device_id' as identifier_type,
        {{ device_id('ga4', 'user_pseudo_id') }} as identifier_value,
        min(event_timestamp) as first_seen_at,
        max(event_timestamp) as last_seen_at
    from source
    group by user_id, user_pseudo_id, cast(event_timestamp as date)
),

-- Who bought as a guest is known to the web shop by the order.
orders_of_devices as (
    select
        user_id,
        user_pseudo_id,
        'order_id' as identifier_type,
        'web_shop:' || transaction_id as identifier_value,
        event_timestamp as first_seen_at,
        event_timestamp as last_seen_at
    from source
    where transaction_id is not null and user_id is null
),

sightings as (
    select * from device_days
    union all
    select * from orders_of_devices
),

renamed as (
    select
        -- ids
        case
            when user_id is not null then 'ga4:user:' || user_id
            else {{ device_record_id('ga4', 'user_pseudo_id') }}
        end as record_id,
        'ga4' as source_name,

        -- strings
        identifier_type,
        identifier_value,

        -- timestamps
        first_seen_at,
        last_seen_at
    from sightings
)

select * from renamed
