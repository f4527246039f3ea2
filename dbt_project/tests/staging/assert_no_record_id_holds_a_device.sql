-- Record ids are published: they name a device by a digest, never by the id that follows it about.
select identifiers.record_id
from {{ ref('int_identity__identifiers') }} as identifiers
where
    identifiers.identifier_type in {{ identifier_types(joins='anonymous') }}
    and identifiers.record_id like '%' || {{ split_part('identifiers.identifier_value', "':'", -1) }} || '%'
