with

order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

-- Lines of one order that disagree on customer, channel or currency give two rows, and the key's test names the order.
orders as (
    select
        order_id,
        source_name,
        customer_id,
        channel,
        currency_code,
        count(*) as line_count,
        count(case when line_kind in ('sale', 'return') then 1 end) as revenue_line_count,
        count(case when line_kind = 'cancellation' then 1 end) as cancellation_line_count,
        sum(case when line_kind = 'sale' then quantity else 0 end) as item_count,
        sum(case when line_kind in ('sale', 'return') then line_amount else 0 end) as revenue_amount,
        sum(case when line_kind = 'return' then -line_amount else 0 end) as return_amount,
        min(ordered_at) as ordered_at
    from order_lines
    group by order_id, source_name, customer_id, channel, currency_code
),

typed_orders as (
    select
        -- ids
        order_id,
        source_name,
        customer_id,

        -- strings
        channel,
        currency_code,

        -- numerics
        line_count,
        cast(item_count as {{ type_bigint() }}) as item_count,
        cast(revenue_amount as {{ type_money() }}) as revenue_amount,
        cast(return_amount as {{ type_money() }}) as return_amount,

        -- booleans
        cancellation_line_count > 0 and revenue_line_count = 0 as is_cancelled,

        -- dates
        cast(ordered_at as date) as order_date,

        -- timestamps
        ordered_at
    from orders
)

select * from typed_orders
