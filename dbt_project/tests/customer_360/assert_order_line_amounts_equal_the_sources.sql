-- Per source and currency, lines and money in the facts are those the sources delivered, to the cent.
with

delivered as (
    {{ union_feed('order_lines') }}
),

delivered_sums as (
    select
        source_name,
        currency_code,
        count(*) as line_count,
        sum(line_amount) as line_amount
    from delivered
    where ordered_at < {{ as_of() }}
    group by source_name, currency_code
),

fact_sums as (
    select
        source_name,
        currency_code,
        count(*) as line_count,
        sum(line_amount) as line_amount
    from {{ ref('fct_order_lines') }}
    group by source_name, currency_code
),

differences as (
    select
        coalesce(delivered_sums.source_name, fact_sums.source_name) as source_name,
        coalesce(delivered_sums.currency_code, fact_sums.currency_code) as currency_code,
        delivered_sums.line_count as delivered_line_count,
        fact_sums.line_count as fact_line_count,
        delivered_sums.line_amount as delivered_line_amount,
        fact_sums.line_amount as fact_line_amount
    from delivered_sums
    full outer join fact_sums
        on
            delivered_sums.source_name = fact_sums.source_name
            and delivered_sums.currency_code = fact_sums.currency_code
    where
        coalesce(delivered_sums.line_count, 0) <> coalesce(fact_sums.line_count, 0)
        or coalesce(delivered_sums.line_amount, 0) <> coalesce(fact_sums.line_amount, 0)
)

select * from differences
