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
        cast(null as {{ type_string() }}) as email,
        cast(null as {{ type_string() }}) as email_normalised,
        cast(null as {{ type_string() }}) as phone_normalised,
        -- The shop's numbers are small and would meet another shop's, so they carry the shop in front.
        'cj-' || household_id as loyalty_number,
        cast(null as {{ type_string() }}) as web_user_id,

        -- strings
        cast(null as {{ type_string() }}) as first_name,
        cast(null as {{ type_string() }}) as last_name,
        cast(null as {{ type_string() }}) as postal_code,
        'US' as country_code,

        -- timestamps
        updated_at
    from households
)

select * from renamed
