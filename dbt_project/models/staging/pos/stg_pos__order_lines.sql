with

source as (
    select *
    from {{ source('pos', 'receipt_lines') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'pos:' || receipt_id || ':' || cast(line_number as {{ type_string() }}) as order_line_id,
        'pos:' || receipt_id as order_id,
        'pos' as source_name,
        case
            when loyalty_number is not null then 'pos:loyalty:' || loyalty_number
            when email_normalised is not null then 'pos:receipt:' || receipt_id
        end as record_id,
        sku as product_id,

        -- strings
        'store' as channel,
        case when quantity < 0 then 'return' else 'sale' end as line_kind,
        category,
        currency_code,

        -- numerics
        quantity,
        line_amount,

        -- timestamps
        sold_at as ordered_at
    from source
)

select * from renamed
