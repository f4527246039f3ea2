-- A customer of n records needs n - 1 links that join them all; fewer leave a record without a path to the others.
with

needed as (
    select
        customer_id,
        count(*) - 1 as link_count
    from {{ ref('dim_identities') }}
    group by customer_id
),

found as (
    select
        identities.customer_id,
        count(*) as link_count
    from {{ source('pipeline', 'identity_edges') }} as edges
    inner join {{ ref('dim_identities') }} as identities on edges.left_record_id = identities.record_id
    group by identities.customer_id
)

select needed.customer_id
from needed
left join found on needed.customer_id = found.customer_id
where coalesce(found.link_count, 0) < needed.link_count
