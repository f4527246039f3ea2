with

order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

purchase_lines as (
    select
        *,
        cast(ordered_at as date) as order_date
    from order_lines
    where
        customer_id is not null
        and line_kind in ('sale', 'return')
),

purchases_by_day as (
    select
        customer_id,
        order_id,
        channel,
        currency_code,
        count(case when line_kind = 'sale' then 1 end) as sale_line_count,
        count(case when line_kind = 'return' then 1 end) as return_line_count,
        sum(line_amount) as revenue_amount,
        count(case when line_kind = 'sale' then 1 end) > 0 as has_sale,
        order_date
    from purchase_lines
    group by customer_id, order_id, channel, currency_code, order_date
)

select * from purchases_by_day
