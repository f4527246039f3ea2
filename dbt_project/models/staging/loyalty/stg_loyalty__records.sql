with

source as (
    select *
    from {{ source('loyalty', 'members') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'loyalty:member:' || loyalty_number as record_id,
        'loyalty' as source_name,

        -- identifiers
        email,
        email_normalised,
        phone_normalised,
        loyalty_number,

        -- strings
        first_name,
        last_name,
        first_name_folded,
        last_name_folded,
        street_normalised as street,
        city_normalised as city,
        postal_code,
        country_code,

        -- dates
        birth_date,

        -- what this source does not tell
        {{ unknown('records', ['web_user_id']) }},

        -- timestamps
        updated_at
    from source
)

select * from renamed
