-- Evidence that was followed joins: the two records of a link are one customer.
select edges.left_record_id
from {{ source('pipeline', 'identity_edges') }} as edges
left join {{ ref('dim_identities') }} as lefts on edges.left_record_id = lefts.record_id
left join {{ ref('dim_identities') }} as rights on edges.right_record_id = rights.record_id
where coalesce(lefts.customer_id, '') <> coalesce(rights.customer_id, ' ')
