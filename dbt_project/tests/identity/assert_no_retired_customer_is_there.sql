-- Who became part of another customer never comes back, neither as themselves nor as somebody else.
select identities.customer_id
from {{ ref('identity_log') }} as events
inner join {{ ref('dim_identities') }} as identities on events.other_customer_id = identities.customer_id
where events.event = 'merge'
