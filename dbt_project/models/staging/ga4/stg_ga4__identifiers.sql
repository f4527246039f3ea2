with

source as (
    select *
    from {{ source('ga4', 'events') }}
    where _is_current
),

-- A run sees whole days, so a day is as fine as a sighting needs to be.
days as (
    select
        user_id,
        user_pseudo_id,
        min(event_timestamp) as first_seen_at,
        max(event_timestamp) as last_seen_at
    from source
    group by user_id, user_pseudo_id, cast(event_timestamp as date)
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
        'device_id' as identifier_type,
        {{ device_id('ga4', 'user_pseudo_id') }} as identifier_value,

        -- timestamps
        first_seen_at,
        last_seen_at
    from days
)

select * from renamed
