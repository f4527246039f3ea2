with

-- Whose device an event happened on is often learnt later; features that look back must not know it before.
web_events as (
    select *
    from {{ ref('fct_web_events') }}
    where is_signed_in
),

dated_events as (
    select
        *,
        cast(occurred_at as date) as event_date
    from web_events
    where customer_id is not null
),

web_events_by_day as (
    select
        customer_id,
        count(*) as event_count,
        count(case when event_name = 'product_view' then 1 end) as product_view_count,
        count(case when event_name = 'add_to_basket' then 1 end) as basket_count,
        event_date
    from dated_events
    group by customer_id, event_date
)

select * from web_events_by_day
