with

source as (
    select *
    from {{ source('pos', 'receipt_lines') }}
    where _is_current
),

-- A till says nothing about a card's e-mail unless the customer leaves one, so the card is first known without.
cards as (
    select
        'pos:loyalty:' || loyalty_number as record_id,
        cast(null as {{ type_string() }}) as email,
        cast(null as {{ type_string() }}) as email_normalised,
        loyalty_number,
        min(sold_at) as updated_at
    from source
    where loyalty_number is not null
    group by loyalty_number
),

receipts_with_email as (
    select distinct
        case
            when loyalty_number is not null then 'pos:loyalty:' || loyalty_number
            else 'pos:receipt:' || receipt_id
        end as record_id,
        email,
        email_normalised,
        loyalty_number,
        sold_at as updated_at
    from source
    where email_normalised is not null
),

unioned as (
    select * from cards
    union all
    select * from receipts_with_email
),

renamed as (
    select
        -- ids
        record_id,
        'pos' as source_name,

        -- identifiers
        email,
        email_normalised,
        cast(null as {{ type_string() }}) as phone_normalised,
        loyalty_number,
        cast(null as {{ type_string() }}) as web_user_id,

        -- strings
        cast(null as {{ type_string() }}) as first_name,
        cast(null as {{ type_string() }}) as last_name,
        cast(null as {{ type_string() }}) as postal_code,
        cast(null as {{ type_string() }}) as country_code,

        -- timestamps
        updated_at
    from unioned
)

select * from renamed
