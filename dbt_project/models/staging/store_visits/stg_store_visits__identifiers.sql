with

source as (
    select *
    from {{ source('store_visits', 'visits') }}
    where _is_current
),

-- A visit of a telephone alone ties nobody; one of a telephone and a card says whose the telephone is.
days as (
    select
        loyalty_number,
        advertising_id,
        min(entered_at) as first_seen_at,
        max(entered_at) as last_seen_at
    from source
    where loyalty_number is not null and advertising_id is not null
    group by loyalty_number, advertising_id, cast(entered_at as date)
),

renamed as (
    select
        -- ids
        'loyalty:member:' || loyalty_number as record_id,
        'store_visits' as source_name,

        -- strings
        'advertising_id' as identifier_type,
        {{ advertising_id('advertising_id') }} as identifier_value,

        -- timestamps
        first_seen_at,
        last_seen_at
    from days
)

select * from renamed
