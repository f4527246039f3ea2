with

source as (
    select *
    from {{ source('ga4', 'events') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'ga4:user:' || user_id as record_id,
        'ga4' as source_name,

        -- identifiers
        cast(null as {{ type_string() }}) as email,
        cast(null as {{ type_string() }}) as email_normalised,
        cast(null as {{ type_string() }}) as phone_normalised,
        cast(null as {{ type_string() }}) as loyalty_number,
        user_id as web_user_id,

        -- strings
        cast(null as {{ type_string() }}) as first_name,
        cast(null as {{ type_string() }}) as last_name,
        cast(null as {{ type_string() }}) as postal_code,
        cast(null as {{ type_string() }}) as country_code,

        -- timestamps
        min(event_timestamp) as updated_at
    from source
    where user_id is not null
    group by user_id
)

select * from renamed
