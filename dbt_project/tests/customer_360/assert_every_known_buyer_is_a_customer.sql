-- A line that names a record belongs to a customer: losing the tie would turn a known buyer into an anonymous one.
select
    record_id,
    count(*) as line_count
from {{ ref('fct_order_lines') }}
where record_id is not null and customer_id is null
group by record_id
