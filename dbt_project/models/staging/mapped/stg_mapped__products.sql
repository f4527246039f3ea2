{{ config(meta={'lake_tables': mapped_tables('products') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('products') }}
)

select * from mapped
