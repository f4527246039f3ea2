with

source as (
    select *
    from {{ source('shopify', 'orders') }}
    where _is_current
),

orders as (
    select
        id as order_id,
        case
            when customer_id is not null then 'shopify:customer:' || customer_id
            when email_normalised is not null or phone_normalised is not null then 'shopify:order:' || id
        end as record_id,
        currency as currency_code,
        cancelled_at is not null as is_cancelled,
        created_at,
        line_items,
        refunds
    from source
),

lines as (
    {{ json_array_rows(
        'orders', ['order_id'], 'line_items', {
            'line_id': 'id',
            'product_id': 'sku',
            'quantity': 'quantity',
            'price': 'price',
            'discount_allocations': 'discount_allocations'
        }
    ) }}
),

allocations as (
    {{ json_array_rows('lines', ['order_id', 'line_id'], 'discount_allocations', {'amount': 'amount'}) }}
),

discounts as (
    select
        order_id,
        line_id,
        sum(cast(amount as {{ type_money() }})) as discount_amount
    from allocations
    group by order_id, line_id
),

typed_lines as (
    select
        order_id,
        line_id,
        product_id,
        cast(quantity as {{ type_bigint() }}) as quantity,
        cast(price as {{ type_money() }}) as unit_price_amount
    from lines
),

sale_lines as (
    select
        typed_lines.order_id,
        'shopify:' || typed_lines.order_id || ':' || typed_lines.line_id as order_line_id,
        typed_lines.product_id,
        'sale' as line_kind,
        typed_lines.quantity,
        typed_lines.quantity * typed_lines.unit_price_amount - coalesce(discounts.discount_amount, 0) as line_amount,
        orders.created_at as ordered_at
    from typed_lines
    inner join orders on typed_lines.order_id = orders.order_id
    left join discounts
        on typed_lines.order_id = discounts.order_id and typed_lines.line_id = discounts.line_id
),

refunds as (
    {{ json_array_rows(
        'orders', ['order_id'], 'refunds', {'refunded_at': 'created_at', 'refund_line_items': 'refund_line_items'}
    ) }}
),

refund_lines as (
    {{ json_array_rows(
        'refunds', ['order_id', 'refunded_at'], 'refund_line_items', {
            'refund_line_id': 'id',
            'line_id': 'line_item_id',
            'quantity': 'quantity',
            'subtotal': 'subtotal'
        }
    ) }}
),

return_lines as (
    select
        refund_lines.order_id,
        'shopify:' || refund_lines.order_id || ':refund:' || refund_lines.refund_line_id as order_line_id,
        lines.product_id,
        'return' as line_kind,
        -cast(refund_lines.quantity as {{ type_bigint() }}) as quantity,
        -cast(refund_lines.subtotal as {{ type_money() }}) as line_amount,
        {{ utc_timestamp('refund_lines.refunded_at') }} as ordered_at
    from refund_lines
    left join lines on refund_lines.order_id = lines.order_id and refund_lines.line_id = lines.line_id
),

unioned as (
    select * from sale_lines
    union all
    select * from return_lines
),

renamed as (
    select
        -- ids
        unioned.order_line_id,
        'shopify:' || unioned.order_id as order_id,
        'shopify' as source_name,
        orders.record_id,
        unioned.product_id,

        -- strings
        'web' as channel,
        case when orders.is_cancelled then 'cancellation' else unioned.line_kind end as line_kind,
        cast(null as {{ type_string() }}) as category,
        orders.currency_code,

        -- numerics
        unioned.quantity,
        cast(unioned.line_amount as {{ type_money() }}) as line_amount,

        -- timestamps
        unioned.ordered_at
    from unioned
    inner join orders on unioned.order_id = orders.order_id
)

select * from renamed
