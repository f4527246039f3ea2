-- Every customer was created or split off some day.
with

born as (
    select customer_id
    from {{ ref('identity_log') }}
    where event = 'create'
    union
    select other_customer_id as customer_id
    from {{ ref('identity_log') }}
    where event = 'split'
)

select identities.customer_id
from {{ ref('dim_identities') }} as identities
left join born on identities.customer_id = born.customer_id
where born.customer_id is null
