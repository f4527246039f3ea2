with

customers as (
    select * from {{ ref('int_customers__purchases') }}
),

-- percent_rank is the share of the other buyers whom a customer beats; whoever is equal shares it.
ranked_buyers as (
    select
        customer_id,
        days_since_first_order,
        percent_rank() over (order by days_since_last_order desc) as recency_rank,
        percent_rank() over (order by order_365d_count) as frequency_rank,
        percent_rank() over (partition by currency_code order by revenue_365d_amount) as monetary_rank
    from customers
    where order_365d_count > 0
),

scored_buyers as (
    select
        customer_id,
        days_since_first_order,
        cast(least(1 + floor(5 * recency_rank), 5) as {{ type_int() }}) as rfm_recency_score,
        cast(least(1 + floor(5 * frequency_rank), 5) as {{ type_int() }}) as rfm_frequency_score,
        cast(least(1 + floor(5 * monetary_rank), 5) as {{ type_int() }}) as rfm_monetary_score
    from ranked_buyers
),

segmented_buyers as (
    select
        customer_id,
        case
            when rfm_recency_score >= 4 and rfm_frequency_score >= 4 and rfm_monetary_score >= 4 then 'champions'
            when days_since_first_order <= 90 then 'new'
            when rfm_recency_score >= 3 and rfm_frequency_score >= 4 then 'loyal'
            when rfm_recency_score >= 3 then 'promising'
            when rfm_frequency_score >= 4 or rfm_monetary_score >= 4 then 'at_risk'
            else 'hibernating'
        end as rfm_segment,
        rfm_recency_score,
        rfm_frequency_score,
        rfm_monetary_score
    from scored_buyers
)

select * from segmented_buyers
