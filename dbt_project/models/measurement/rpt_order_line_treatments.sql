with

order_lines as (
    select
        *,
        customer_id is null as is_anonymous
    from {{ ref('fct_order_lines') }}
),

treatments as (
    select
        source_name,
        line_kind,
        currency_code,
        count(*) as line_count,
        cast(sum(line_amount) as {{ type_money() }}) as line_amount,
        is_anonymous
    from order_lines
    group by source_name, line_kind, currency_code, is_anonymous
)

select * from treatments
