with

source as (
    select *
    from {{ source('signups', 'signups') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'signups:signup:' || signup_id as record_id,
        'signups' as source_name,

        -- strings
        'device_id' as identifier_type,
        {{ device_id('ga4', 'user_pseudo_id') }} as identifier_value,

        -- timestamps
        signed_up_at as first_seen_at,
        signed_up_at as last_seen_at
    from source
    where user_pseudo_id is not null
)

select * from renamed
