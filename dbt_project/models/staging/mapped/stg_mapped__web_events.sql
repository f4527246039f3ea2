{{ config(meta={'lake_tables': mapped_tables('web_events') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('web_events') }}
)

select * from mapped
