{{ config(materialized='view') }}

with

consents as (
    {{ union_feed('consents') }}
),

-- A grant counts from the day after it was given, a refusal at once, even when it is newer than the run's date.
heard as (
    select *
    from consents
    where decided_at < {{ as_of() }} or not is_granted
)

select * from heard
