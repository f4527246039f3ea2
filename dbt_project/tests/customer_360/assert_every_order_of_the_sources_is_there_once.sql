-- The orders are exactly the order ids of the lines the sources delivered.
with

delivered as (
    {{ union_feed('order_lines') }}
),

delivered_orders as (
    select distinct order_id
    from delivered
    where ordered_at < {{ as_of() }}
)

select
    delivered_orders.order_id as delivered_order_id,
    orders.order_id
from delivered_orders
full outer join {{ ref('fct_orders') }} as orders on delivered_orders.order_id = orders.order_id
where delivered_orders.order_id is null or orders.order_id is null
