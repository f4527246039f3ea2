-- Record ids are published: they name a device by a digest, never by the id that follows it about.
select identifiers.record_id
from {{ ref('int_identity__identifiers') }} as identifiers
inner join {{ ref('int_identity__devices') }} as devices on identifiers.record_id = devices.record_id
where identifiers.record_id like '%' || {{ split_part('identifiers.identifier_value', "':'", -1) }} || '%'
