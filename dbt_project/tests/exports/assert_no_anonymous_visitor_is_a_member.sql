-- A visitor known by a device alone has agreed to nothing under a name: an audience never reaches them.
select
    members.audience_name,
    members.destination_name,
    members.customer_id
from {{ source('pipeline', 'audience_members') }} as members
inner join {{ ref('dim_customers') }} as customers on members.customer_id = customers.customer_id
where
    customers.is_anonymous
    and members.status in ('member', 'held_out')
    and members.as_of_date = {{ as_of() }}
