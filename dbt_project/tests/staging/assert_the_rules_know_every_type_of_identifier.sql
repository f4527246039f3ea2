{{ config(severity='warn') }}
-- A type of identifier without a line in `identity.yml` ties nobody: it waits in staging until it has one.
with

sightings as (
    {{ union_feed('identifiers') }}
)

select
    source_name,
    identifier_type,
    count(*) as sighting_count
from sightings
where identifier_type not in {{ identifier_types() }} or identifier_type is null
group by source_name, identifier_type
