with

events as (
    select * from {{ source('pipeline', 'identity_log') }}
),

identity_log as (
    select
        -- ids
        event_id,
        customer_id,
        other_customer_id,
        run_id,

        -- strings
        event,
        reason,

        -- numerics
        record_count,

        -- dates
        as_of_date
    from events
)

select * from identity_log
