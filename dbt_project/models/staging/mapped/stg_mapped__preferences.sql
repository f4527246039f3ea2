{{ config(meta={'lake_tables': mapped_tables('preferences') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('preferences') }}
)

select * from mapped
