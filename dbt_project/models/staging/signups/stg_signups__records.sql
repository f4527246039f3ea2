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

        -- identifiers
        email,
        email_normalised,
        phone_normalised,
        cast(null as {{ type_string() }}) as loyalty_number,
        cast(null as {{ type_string() }}) as web_user_id,

        -- strings
        first_name,
        cast(null as {{ type_string() }}) as last_name,
        cast(null as {{ type_string() }}) as postal_code,
        country_code,

        -- timestamps
        signed_up_at as updated_at
    from source
)

select * from renamed
