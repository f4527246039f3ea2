{{ config(meta={'lake_tables': mapped_tables('consents') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('consents') }}
)

select * from mapped
