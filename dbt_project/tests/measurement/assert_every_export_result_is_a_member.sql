-- depends_on: {{ ref("fct_export_results") }}
-- What a destination was given is what the audience decided: no result without a member, none for who is kept back.
select
    results.destination_name,
    results.audience_name,
    results.customer_id,
    results.as_of_date
from {{ source('pipeline', 'export_results') }} as results
left join {{ source('pipeline', 'audience_members') }} as members
    on
        results.destination_name = members.destination_name
        and results.audience_name = members.audience_name
        and results.customer_id = members.customer_id
        and results.as_of_date = members.as_of_date
where members.status is null or members.status <> 'member'
