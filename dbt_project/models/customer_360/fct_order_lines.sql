with

order_lines as (
    {{ union_feed('order_lines') }}
),

identities as (
    select * from {{ ref('dim_identities') }}
),

order_lines_of_customers as (
    select
        -- ids
        order_lines.order_line_id,
        order_lines.order_id,
        order_lines.source_name,
        order_lines.record_id,
        identities.customer_id,
        order_lines.product_id,

        -- strings
        order_lines.channel,
        order_lines.line_kind,
        order_lines.category,
        order_lines.currency_code,

        -- numerics
        order_lines.quantity,
        order_lines.line_amount,

        -- timestamps
        order_lines.ordered_at
    from order_lines
    left join identities on order_lines.record_id = identities.record_id
    where order_lines.ordered_at < {{ as_of() }}
)

select * from order_lines_of_customers
