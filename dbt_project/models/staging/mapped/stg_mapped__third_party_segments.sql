{{ config(meta={'lake_tables': mapped_tables('third_party_segments') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('third_party_segments') }}
)

select * from mapped
