with

source as (
    select * from {{ source('complete_journey', 'transactions') }}
),

-- Nobody says when a household was entered, so it is known from its first receipt on.
households as (
    select
        household_id,
        min(transaction_timestamp) as updated_at
    from source
    group by household_id
),

renamed as (
    select
        -- ids
        'complete_journey:household:' || household_id as record_id,
        'complete_journey' as source_name,

        -- identifiers
        -- The shop's numbers are small and would meet another shop's, so they carry the shop in front.
        'cj-' || household_id as loyalty_number,

        -- strings
        'US' as country_code,

        -- what this source does not tell
        {{ unknown('records', [
            'email', 'email_normalised', 'phone_normalised', 'web_user_id', 'first_name', 'last_name',
            'first_name_folded', 'last_name_folded', 'street', 'city', 'postal_code', 'birth_date'
        ]) }},

        -- timestamps
        updated_at
    from households
)

select * from renamed
