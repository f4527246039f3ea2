{{ config(meta={'lake_tables': mapped_tables('ad_costs') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('ad_costs') }}
)

select * from mapped
