{{ config(meta={'lake_tables': mapped_tables('order_lines') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('order_lines') }}
)

select * from mapped
