{{ config(meta={'lake_tables': mapped_tables('survey_answers') | map(attribute='table') | list}) }}

with

mapped as (
    {{ mapped_feed('survey_answers') }}
)

select * from mapped
