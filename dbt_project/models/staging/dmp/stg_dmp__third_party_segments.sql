with

source as (
    select *
    from {{ source('dmp', 'segments') }}
    where _is_current
),

renamed as (
    select
        -- ids
        {{ advertising_id('device_id') }} as device_id,
        'dmp' as source_name,
        segment_id,

        -- strings
        segment_name,
        provider,

        -- dates
        expires_on as expires_date,

        -- timestamps
        delivered_at
    from source
)

select * from renamed
