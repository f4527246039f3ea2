-- A label without features could not be learnt from, and a label of the future would not be known.
select
    labels.customer_id,
    labels.as_of_date
from {{ ref('lbl_churn') }} as labels
left join {{ ref('ftr_customers__rfm') }} as features
    on labels.customer_id = features.customer_id and labels.as_of_date = features.as_of_date
where
    features.customer_id is null
    or labels.as_of_date > {{ dateadd('day', -90, as_of()) }}
