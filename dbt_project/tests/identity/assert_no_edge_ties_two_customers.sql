-- Records joined by evidence are one customer: closure has no depth limit.
select edges.left_record_id
from {{ ref('int_identity__edges') }} as edges
inner join {{ ref('dim_identities') }} as lefts on edges.left_record_id = lefts.record_id
inner join {{ ref('dim_identities') }} as rights on edges.right_record_id = rights.record_id
where lefts.customer_id <> rights.customer_id
