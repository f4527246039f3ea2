-- No order line is left out of the count of what was done with the lines.
with

treatments as (
    select
        sum(line_count) as line_count,
        sum(line_amount) as line_amount
    from {{ ref('rpt_order_line_treatments') }}
),

order_lines as (
    select
        count(*) as line_count,
        sum(line_amount) as line_amount
    from {{ ref('fct_order_lines') }}
)

select
    treatments.line_count,
    order_lines.line_count as fact_line_count
from treatments
cross join order_lines
where
    coalesce(treatments.line_count, 0) <> order_lines.line_count
    or coalesce(treatments.line_amount, 0) <> coalesce(order_lines.line_amount, 0)
