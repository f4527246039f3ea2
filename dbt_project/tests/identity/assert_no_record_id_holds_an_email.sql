-- Record ids are published: they name a row of a source, never a way to reach the person.
select record_id
from {{ ref('int_identity__records') }}
where
    record_id like '%@%'
    or record_id like '%:' || email_normalised
    or record_id like '%:' || phone_normalised
