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

        -- strings
        country_code,

        -- what this source does not tell
        {{ unknown('records', [
            'loyalty_number', 'web_user_id', 'first_name', 'last_name', 'first_name_folded', 'last_name_folded',
            'street', 'city', 'postal_code', 'birth_date'
        ]) }},

        -- timestamps
        started_at as updated_at
    from source
)

select * from renamed
