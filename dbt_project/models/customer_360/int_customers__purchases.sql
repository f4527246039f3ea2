with

purchases as (
    select
        *,
        order_date >= {{ dateadd('day', -365, as_of()) }} as is_365d
    from {{ ref('int_purchases__daily') }}
),

-- A receipt that only takes goods back moves money but is no order.
customers as (
    select
        customer_id,
        max(currency_code) as currency_code,
        count(distinct case when has_sale then order_id end) as order_count,
        count(distinct case when has_sale and channel = 'web' then order_id end) as web_order_count,
        count(distinct case when has_sale and channel = 'store' then order_id end) as store_order_count,
        count(distinct case when has_sale and is_365d then order_id end) as order_365d_count,
        sum(revenue_amount) as revenue_amount,
        sum(case when is_365d then revenue_amount else 0 end) as revenue_365d_amount,
        min(case when has_sale then order_date end) as first_order_date,
        max(case when has_sale then order_date end) as last_order_date
    from purchases
    group by customer_id
),

dated_customers as (
    select
        *,
        {{ datediff('first_order_date', as_of(), 'day') }}
            as days_since_first_order,
        {{ datediff('last_order_date', as_of(), 'day') }}
            as days_since_last_order
    from customers
)

select * from dated_customers
