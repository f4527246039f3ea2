with

audiences as (
    select * from {{ source('pipeline', 'audiences') }}
),

results as (
    select * from {{ ref('fct_export_results') }}
),

counted as (
    select
        audience_name,
        destination_name,
        count(*) as matched_count,
        count(case when status = 'excluded' and reason like 'no_consent:%' then 1 end) as no_consent_count,
        count(case when status = 'excluded' and reason = 'no_identifier' then 1 end) as no_identifier_count,
        count(case when status <> 'excluded' then 1 end) as eligible_count,
        count(case when status = 'held_out' then 1 end) as held_out_count,
        count(case when status = 'written' then 1 end) as exported_count,
        as_of_date
    from results
    group by audience_name, destination_name, as_of_date
),

audience_sizes as (
    select
        audiences.audience_name,
        audiences.destination_name,
        audiences.models_without_scores,
        coalesce(counted.matched_count, 0) as matched_count,
        coalesce(counted.no_consent_count, 0) as no_consent_count,
        coalesce(counted.no_identifier_count, 0) as no_identifier_count,
        coalesce(counted.eligible_count, 0) as eligible_count,
        coalesce(counted.held_out_count, 0) as held_out_count,
        coalesce(counted.exported_count, 0) as exported_count,
        audiences.as_of_date
    from audiences
    left join counted
        on
            audiences.audience_name = counted.audience_name
            and audiences.destination_name = counted.destination_name
            and audiences.as_of_date = counted.as_of_date
)

select * from audience_sizes
