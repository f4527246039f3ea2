{{ config(meta={'lake_tables': mapped_tables('interactions') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('interactions') }}
)

select * from mapped
