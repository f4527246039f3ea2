-- A record without a customer is a person the platform forgot.
select records.record_id
from {{ ref('int_identity__records') }} as records
left join {{ ref('dim_identities') }} as identities on records.record_id = identities.record_id
where identities.record_id is null
