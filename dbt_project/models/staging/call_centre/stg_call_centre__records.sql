with

source as (
    select *
    from {{ source('call_centre', 'contacts') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'call_centre:contact:' || contact_id as record_id,
        'call_centre' as source_name,

        -- identifiers
        email,
        email_normalised,
        phone_normalised,
        cast(null as {{ type_string() }}) as loyalty_number,
        cast(null as {{ type_string() }}) as web_user_id,

        -- strings
        cast(null as {{ type_string() }}) as first_name,
        cast(null as {{ type_string() }}) as last_name,
        cast(null as {{ type_string() }}) as postal_code,
        country_code,

        -- timestamps
        started_at as updated_at
    from source
)

select * from renamed
