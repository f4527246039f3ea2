with

source as (
    select * from {{ source('web_events', 'events') }}
),

renamed as (
    select
        -- ids
        'web_events:' || event_id as event_id,
        'web_events' as source_name,
        'web_events:user:' || user_id as record_id,
        sku as product_id,

        -- strings
        event_name,

        -- timestamps
        occurred_at
    from source
)

select * from renamed
