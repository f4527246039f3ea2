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
        cast(null as {{ type_string() }}) as phone_normalised,
        loyalty_number,
        account_id as web_user_id,

        -- strings
        cast(null as {{ type_string() }}) as first_name,
        cast(null as {{ type_string() }}) as last_name,
        cast(null as {{ type_string() }}) as postal_code,
        cast(null as {{ type_string() }}) as country_code,

        -- timestamps
        decided_at as updated_at
    from source
)

select * from renamed
