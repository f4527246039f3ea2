with

answers as (
    select * from {{ ref('int_privacy__answers') }}
),

-- Of two answers given at the same instant the refusal stands.
ranked as (
    select
        *,
        row_number() over (
            partition by record_id, purpose, recipient
            order by decided_at desc, case when is_granted then 1 else 0 end asc, consent_id asc
        ) as answer_rank
    from answers
),

standing as (
    select
        -- ids
        record_id,
        consent_id,
        source_name,

        -- strings
        purpose,
        recipient,

        -- booleans
        is_granted,

        -- timestamps
        decided_at
    from ranked
    where answer_rank = 1
)

select * from standing
