-- Every row of a landed file is accepted, a duplicate, or in quarantine.
select
    source_name,
    table_name,
    file_digest
from {{ source('pipeline', 'ingest_files') }}
where read_count != accepted_count + duplicate_count + quarantined_count
