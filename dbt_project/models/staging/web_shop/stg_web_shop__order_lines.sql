with

source as (
    select *
    from {{ source('web_shop', 'order_lines') }}
    where _is_current
),

orders as (
    select *
    from {{ source('web_shop', 'orders') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'web_shop:' || source.order_id || ':' || cast(source.line_number as {{ type_string() }}) as order_line_id,
        'web_shop:' || source.order_id as order_id,
        'web_shop' as source_name,
        case
            when orders.account_id is not null then 'web_shop:account:' || orders.account_id
            when orders.order_id is not null then 'web_shop:order:' || orders.order_id
        end as record_id,
        source.sku as product_id,

        -- strings
        'web' as channel,
        case when source.quantity < 0 then 'return' else 'sale' end as line_kind,
        source.category,
        -- XXX is ISO 4217's "no currency": the line is there while its order is missing or in quarantine.
        coalesce(orders.currency_code, 'XXX') as currency_code,

        -- numerics
        source.quantity,
        source.line_amount,

        -- timestamps
        source.ordered_at
    from source
    left join orders on source.order_id = orders.order_id
)

select * from renamed
