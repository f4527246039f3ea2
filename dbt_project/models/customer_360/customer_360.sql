with

identities as (
    select * from {{ ref('dim_identities') }}
),

identifiers as (
    select * from {{ ref('int_identity__identifiers') }}
),

contacts as (
    select * from {{ ref('dim_customers') }}
),

purchases as (
    select * from {{ ref('int_customers__purchases') }}
),

rfm as (
    select * from {{ ref('int_customers__rfm') }}
),

web_events as (
    select * from {{ ref('int_web_events__daily') }}
),

customers as (
    select
        customer_id,
        count(*) as record_count,
        count(distinct source_name) as source_count
    from identities
    group by customer_id
),

loyalty_card_holders as (
    select distinct identities.customer_id
    from identities
    inner join identifiers on identities.record_id = identifiers.record_id
    where identifiers.identifier_type = 'loyalty_number'
),

recent_visitors as (
    select
        customer_id,
        sum(event_count) as web_event_90d_count
    from web_events
    where event_date >= {{ dateadd('day', -90, as_of()) }}
    group by customer_id
),

customers_in_full as (
    select
        -- ids
        customers.customer_id,

        -- strings
        contacts.country_code,
        purchases.currency_code,
        case
            when coalesce(purchases.order_count, 0) = 0 then 'never_bought'
            when purchases.order_365d_count = 0 then 'lapsed'
            else rfm.rfm_segment
        end as rfm_segment,

        -- numerics
        customers.record_count,
        customers.source_count,
        coalesce(purchases.order_count, 0) as order_count,
        coalesce(purchases.web_order_count, 0) as web_order_count,
        coalesce(purchases.store_order_count, 0) as store_order_count,
        coalesce(purchases.order_365d_count, 0) as order_365d_count,
        purchases.days_since_last_order,
        rfm.rfm_recency_score,
        rfm.rfm_frequency_score,
        rfm.rfm_monetary_score,
        cast(coalesce(recent_visitors.web_event_90d_count, 0) as {{ type_bigint() }}) as web_event_90d_count,
        cast(coalesce(purchases.revenue_amount, 0) as {{ type_money() }}) as revenue_amount,
        cast(coalesce(purchases.revenue_365d_amount, 0) as {{ type_money() }}) as revenue_365d_amount,

        -- booleans
        contacts.is_anonymous,
        contacts.email is not null as has_email,
        contacts.phone is not null as has_phone,
        loyalty_card_holders.customer_id is not null as has_loyalty_card,

        -- dates
        purchases.first_order_date,
        purchases.last_order_date,
        {{ as_of() }} as as_of_date
    from customers
    left join contacts on customers.customer_id = contacts.customer_id
    left join purchases on customers.customer_id = purchases.customer_id
    left join rfm on customers.customer_id = rfm.customer_id
    left join recent_visitors on customers.customer_id = recent_visitors.customer_id
    left join loyalty_card_holders on customers.customer_id = loyalty_card_holders.customer_id
)

select * from customers_in_full
