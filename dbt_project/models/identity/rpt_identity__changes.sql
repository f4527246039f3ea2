with

events as (
    select * from {{ ref('identity_log') }}
),

changes as (
    select
        -- ids
        run_id,

        -- strings
        event,
        reason,

        -- numerics
        count(*) as event_count,
        cast(sum(record_count) as {{ dbt.type_bigint() }}) as record_count,

        -- dates
        as_of_date
    from events
    group by run_id, event, reason, as_of_date
)

select * from changes
