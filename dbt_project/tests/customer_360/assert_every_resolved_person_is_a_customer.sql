-- The customers are exactly the people identity found: nobody is dropped and nobody is invented.
with

resolved as (
    select distinct customer_id
    from {{ source('pipeline', 'identity_clusters') }}
)

select
    resolved.customer_id as resolved_customer_id,
    customers.customer_id
from resolved
full outer join {{ ref('customer_360') }} as customers on resolved.customer_id = customers.customer_id
where resolved.customer_id is null or customers.customer_id is null
