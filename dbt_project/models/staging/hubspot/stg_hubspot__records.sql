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

        -- strings
        first_name,
        last_name,
        first_name_folded,
        last_name_folded,
        city_normalised as city,
        postal_code,
        country_code,

        -- what this source does not tell
        {{ unknown('records', ['loyalty_number', 'web_user_id', 'street', 'birth_date']) }},

        -- timestamps
        last_modified_at as updated_at
    from source
)

select * from renamed
