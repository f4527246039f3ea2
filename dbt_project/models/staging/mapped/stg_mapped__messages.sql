{{ config(meta={'lake_tables': mapped_tables('messages') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('messages') }}
)

select * from mapped
