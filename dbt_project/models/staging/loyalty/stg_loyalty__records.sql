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
        cast(null as {{ type_string() }}) as web_user_id,

        -- strings
        first_name,
        last_name,
        postal_code,
        country_code,

        -- timestamps
        updated_at
    from source
)

select * from renamed
