with

active_customers as (
    select * from {{ ref('int_customers__active_at_cutoffs') }}
),

web_events as (
    select * from {{ ref('int_web_events__daily') }}
),

-- Nothing from the cut-off on is seen; who never visited keeps one row without an event.
earlier_events as (
    select
        active_customers.customer_id,
        active_customers.as_of_date,
        web_events.event_count,
        web_events.product_view_count,
        web_events.basket_count,
        web_events.event_date,
        web_events.event_date >= {{ dateadd('day', -30, 'active_customers.as_of_date') }} as is_30d,
        web_events.event_date >= {{ dateadd('day', -90, 'active_customers.as_of_date') }} as is_90d
    from active_customers
    left join web_events
        on
            active_customers.customer_id = web_events.customer_id
            and active_customers.as_of_date > web_events.event_date
),

sums as (
    select
        customer_id,
        as_of_date,
        sum(case when is_30d then event_count else 0 end) as web_event_30d_count,
        sum(case when is_90d then event_count else 0 end) as web_event_90d_count,
        sum(case when is_90d then product_view_count else 0 end) as product_view_90d_count,
        sum(case when is_90d then basket_count else 0 end) as basket_90d_count,
        max(event_date) as last_event_date
    from earlier_events
    group by customer_id, as_of_date
),

features as (
    select
        customer_id,
        cast(web_event_30d_count as {{ type_bigint() }}) as web_event_30d_count,
        cast(web_event_90d_count as {{ type_bigint() }}) as web_event_90d_count,
        cast(product_view_90d_count as {{ type_bigint() }}) as product_view_90d_count,
        cast(basket_90d_count as {{ type_bigint() }}) as basket_90d_count,
        {{ datediff('last_event_date', 'as_of_date', 'day') }}
            as days_since_last_web_event,
        as_of_date
    from sums
)

select * from features
