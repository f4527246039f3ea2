-- What is true of every customer by definition.
select customer_id
from {{ ref('customer_360') }}
where
    order_count <> web_order_count + store_order_count
    or order_365d_count > order_count
    or source_count > record_count
    or (order_count = 0) <> (last_order_date is null)
    or (order_count = 0) <> (rfm_segment = 'never_bought')
    or (order_365d_count > 0) <> (rfm_recency_score is not null)
    or (order_365d_count > 0) <> (rfm_frequency_score is not null)
    or (order_365d_count > 0) <> (rfm_monetary_score is not null)
    or (order_365d_count > 0) <> coalesce(days_since_last_order between 1 and 365, false)
    or first_order_date > last_order_date
    or last_order_date >= as_of_date
