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
        {{ unknown('records', ['email', 'email_normalised']) }},
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
        loyalty_number,

        -- what this source does not tell
        {{ unknown('records', [
            'phone_normalised', 'web_user_id', 'first_name', 'last_name', 'first_name_folded', 'last_name_folded',
            'street', 'city', 'postal_code', 'country_code', 'birth_date'
        ]) }},

        -- timestamps
        updated_at
    from unioned
)

select * from renamed
