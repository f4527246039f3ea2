-- A record without a customer is a person the platform forgot; a customer without a record is a ghost.
select coalesce(records.record_id, clusters.record_id) as record_id
from {{ ref('int_identity__records') }} as records
full outer join {{ source('pipeline', 'identity_clusters') }} as clusters on records.record_id = clusters.record_id
left join {{ ref('dim_identities') }} as identities on records.record_id = identities.record_id
where records.record_id is null or clusters.record_id is null or identities.record_id is null
