{{ config(meta={'lake_tables': mapped_tables('ad_clicks') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('ad_clicks') }}
)

select * from mapped
