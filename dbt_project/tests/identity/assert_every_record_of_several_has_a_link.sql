-- Nobody is put with others without a reason: each record of a customer with several has a link of its own.
with

customers as (
    select
        customer_id,
        count(*) as record_count
    from {{ ref('dim_identities') }}
    group by customer_id
)

select identities.record_id
from {{ ref('dim_identities') }} as identities
inner join customers on identities.customer_id = customers.customer_id
where customers.record_count > 1 and identities.link_rules = ''
