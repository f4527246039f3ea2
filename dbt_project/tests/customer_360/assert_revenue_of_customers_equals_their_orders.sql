-- Revenue over all customers of a currency is the revenue of the orders whose buyer is known.
with

customers as (
    select
        currency_code,
        sum(revenue_amount) as revenue_amount
    from {{ ref('customer_360') }}
    where currency_code is not null
    group by currency_code
),

-- An order of fees or cancellations only has no revenue and gives its customer no currency.
orders as (
    select
        currency_code,
        sum(revenue_amount) as revenue_amount
    from {{ ref('fct_orders') }}
    where customer_id is not null
    group by currency_code
)

select
    coalesce(customers.currency_code, orders.currency_code) as currency_code,
    customers.revenue_amount,
    orders.revenue_amount as order_revenue_amount
from customers
full outer join orders on customers.currency_code = orders.currency_code
where coalesce(customers.revenue_amount, 0) <> coalesce(orders.revenue_amount, 0)
