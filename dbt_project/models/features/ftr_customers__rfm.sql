with

active_customers as (
    select * from {{ ref('int_customers__active_at_cutoffs') }}
),

purchases as (
    select * from {{ ref('int_purchases__daily') }}
),

-- Nothing from the cut-off on is seen.
earlier_purchases as (
    select
        active_customers.customer_id,
        active_customers.as_of_date,
        purchases.order_id,
        purchases.channel,
        purchases.has_sale,
        purchases.sale_line_count,
        purchases.return_line_count,
        purchases.revenue_amount,
        purchases.order_date,
        purchases.order_date >= {{ dateadd('day', -365, 'active_customers.as_of_date') }} as is_365d,
        purchases.order_date >= {{ dateadd('day', -90, 'active_customers.as_of_date') }} as is_90d
    from active_customers
    inner join purchases
        on
            active_customers.customer_id = purchases.customer_id
            and active_customers.as_of_date > purchases.order_date
),

sums as (
    select
        customer_id,
        as_of_date,
        count(distinct case when has_sale then order_id end) as order_count,
        count(distinct case when has_sale and is_365d then order_id end) as frequency_365d_count,
        count(distinct case when has_sale and is_365d and channel = 'store' then order_id end)
            as store_order_365d_count,
        count(distinct case when has_sale and is_90d then order_id end) as order_90d_count,
        sum(case when is_365d then sale_line_count + return_line_count else 0 end) as line_365d_count,
        sum(case when is_365d then return_line_count else 0 end) as return_line_365d_count,
        sum(case when is_365d then revenue_amount else 0 end) as monetary_365d_amount,
        sum(case when is_90d then revenue_amount else 0 end) as revenue_90d_amount,
        min(case when has_sale then order_date end) as first_order_date,
        max(case when has_sale then order_date end) as last_order_date
    from earlier_purchases
    group by customer_id, as_of_date
),

dated_sums as (
    select
        *,
        {{ datediff('last_order_date', 'as_of_date', 'day') }}
            as recency_days,
        {{ datediff('first_order_date', 'as_of_date', 'day') }}
            as tenure_days
    from sums
),

features as (
    select
        customer_id,
        recency_days,
        frequency_365d_count,
        cast(monetary_365d_amount as {{ type_money() }}) as monetary_365d_amount,
        tenure_days,
        order_90d_count,
        cast(revenue_90d_amount as {{ type_money() }}) as revenue_90d_amount,
        cast(tenure_days - recency_days as double) / nullif(order_count - 1, 0) as mean_gap_days,
        cast(return_line_365d_count as double) / nullif(line_365d_count, 0) as return_365d_rate,
        cast(store_order_365d_count as double) / nullif(frequency_365d_count, 0) as store_order_365d_rate,
        as_of_date
    from dated_sums
)

select * from features
