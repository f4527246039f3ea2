with

source as (
    select *
    from {{ source('hubspot', 'contacts') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'hubspot:contact:' || record_id as record_id,
        'hubspot' as source_name,

        -- identifiers
        email,
        email_normalised,
        phone_normalised,
        cast(null as {{ type_string() }}) as loyalty_number,
        cast(null as {{ type_string() }}) as web_user_id,

        -- strings
        first_name,
        last_name,
        postal_code,
        country_code,

        -- timestamps
        last_modified_at as updated_at
    from source
)

select * from renamed
