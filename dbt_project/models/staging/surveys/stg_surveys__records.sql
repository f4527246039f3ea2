with

source as (
    select *
    from {{ source('surveys', 'responses') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'surveys:response:' || response_id as record_id,
        'surveys' as source_name,

        -- identifiers
        respondent_email as email,
        respondent_email_normalised as email_normalised,
        loyalty_number,

        -- what this source does not tell
        {{ unknown('records', [
            'phone_normalised', 'web_user_id', 'first_name', 'last_name', 'first_name_folded', 'last_name_folded',
            'street', 'city', 'postal_code', 'country_code', 'birth_date'
        ]) }},

        -- timestamps
        submitted_at as updated_at
    from source
)

select * from renamed
