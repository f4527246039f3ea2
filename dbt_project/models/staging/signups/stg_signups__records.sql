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

        -- strings
        first_name,
        first_name_folded,
        country_code,

        -- what this source does not tell
        {{ unknown('records', [
            'loyalty_number', 'web_user_id', 'last_name', 'last_name_folded', 'street', 'city', 'postal_code',
            'birth_date'
        ]) }},

        -- timestamps
        signed_up_at as updated_at
    from source
)

select * from renamed
