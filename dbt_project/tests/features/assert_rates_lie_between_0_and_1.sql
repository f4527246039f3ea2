select
    customer_id,
    as_of_date
from {{ ref('ftr_customers__rfm') }}
where
    not return_365d_rate between 0 and 1
    or not store_order_365d_rate between 0 and 1
