with

source as (
    select *
    from {{ source('consents', 'decisions') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'consents:subject:' || subject_id as record_id,
        'consents' as source_name,

        -- identifiers
        email,
        email_normalised,
        loyalty_number,
        account_id as web_user_id,

        -- what this source does not tell
        {{ unknown('records', [
            'phone_normalised', 'first_name', 'last_name', 'first_name_folded', 'last_name_folded', 'street', 'city',
            'postal_code', 'country_code', 'birth_date'
        ]) }},

        -- timestamps
        decided_at as updated_at
    from source
)

select * from renamed
