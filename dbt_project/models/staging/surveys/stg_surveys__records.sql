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
        cast(null as {{ type_string() }}) as phone_normalised,
        loyalty_number,
        cast(null as {{ type_string() }}) as web_user_id,

        -- strings
        cast(null as {{ type_string() }}) as first_name,
        cast(null as {{ type_string() }}) as last_name,
        cast(null as {{ type_string() }}) as postal_code,
        cast(null as {{ type_string() }}) as country_code,

        -- timestamps
        submitted_at as updated_at
    from source
)

select * from renamed
