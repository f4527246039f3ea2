-- Who is held out of an audience is sent nowhere under its name: the lift would be measured against people reached.
with

members as (
    select
        audience_name,
        customer_id
    from {{ ref('sync_google_ads') }}
    union all
    select
        audience_name,
        customer_id
    from {{ ref('sync_meta') }}
)

select
    members.audience_name,
    members.customer_id
from members
inner join {{ source('pipeline', 'audience_members') }} as audience_members
    on
        members.audience_name = audience_members.audience_name
        and members.customer_id = audience_members.customer_id
where
    audience_members.status = 'held_out'
    and audience_members.as_of_date = {{ as_of() }}
