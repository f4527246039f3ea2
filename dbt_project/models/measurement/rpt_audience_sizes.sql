with

results as (
    select * from {{ ref('fct_export_results') }}
),

audience_sizes as (
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
)

select * from audience_sizes
