{{ config(meta={'lake_tables': mapped_tables('memberships') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('memberships') }}
)

select * from mapped
