-- Revenue before returns is the money of the sale lines, and nothing but sales and returns is in it.
with

orders as (
    select
        sum(revenue_amount + return_amount) as sold_amount,
        sum(revenue_amount) as revenue_amount
    from {{ ref('fct_orders') }}
),

order_lines as (
    select
        sum(case when line_kind = 'sale' then line_amount else 0 end) as sold_amount,
        sum(case when line_kind in ('sale', 'return') then line_amount else 0 end) as revenue_amount
    from {{ ref('fct_order_lines') }}
)

select
    orders.sold_amount,
    order_lines.sold_amount as line_sold_amount
from orders
cross join order_lines
where
    orders.sold_amount <> order_lines.sold_amount
    or orders.revenue_amount <> order_lines.revenue_amount
