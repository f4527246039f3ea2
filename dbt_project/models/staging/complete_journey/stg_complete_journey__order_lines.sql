with

source as (
    select * from {{ source('complete_journey', 'transactions') }}
),

products as (
    select * from {{ ref('stg_complete_journey__products') }}
),

renamed as (
    select
        -- ids
        'complete_journey:' || source.basket_id || ':' || source.product_id as order_line_id,
        'complete_journey:' || source.basket_id as order_id,
        'complete_journey' as source_name,
        'complete_journey:household:' || source.household_id as record_id,
        source.product_id,

        -- strings
        'store' as channel,
        case
            when source.quantity = 0 and source.sales_value = 0 then 'fee'
            when products.is_coupon or products.is_gift_card then 'fee'
            else 'sale'
        end as line_kind,
        products.category,
        'USD' as currency_code,

        -- numerics
        case when products.is_fuel then 1 else source.quantity end as quantity,
        source.sales_value as line_amount,

        -- timestamps
        source.transaction_timestamp as ordered_at
    from source
    left join products on source.product_id = products.product_id
)

select * from renamed
