with

source as (
    select *
    from {{ source('email', 'events') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'email:' || event_id as message_event_id,
        'email' as source_name,
        'hubspot:contact:' || contact_key as record_id,
        message_id,
        campaign_id,

        -- strings
        'email' as channel,
        case when event_type = 'open' and is_machine_open then 'machine_open' else event_type end as event_kind,

        -- timestamps
        occurred_at
    from source
)

select * from renamed
