with

cutoffs as (
    {{ cutoff_dates() }}
),

purchases as (
    select * from {{ ref('int_purchases__daily') }}
),

active_customers as (
    select distinct
        purchases.customer_id,
        cutoffs.as_of_date
    from purchases
    inner join cutoffs
        on
            purchases.order_date < cutoffs.as_of_date
            and purchases.order_date >= {{ dateadd('day', -365, 'cutoffs.as_of_date') }}
    where purchases.has_sale
)

select * from active_customers
