{{ config(meta={'lake_tables': mapped_tables('records') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('records') }}
)

select * from mapped
