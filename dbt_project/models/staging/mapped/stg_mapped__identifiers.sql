{{ config(meta={'lake_tables': mapped_tables('identifiers') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('identifiers') }}
)

select * from mapped
