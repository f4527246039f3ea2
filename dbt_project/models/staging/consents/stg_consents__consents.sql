with

source as (
    select * from {{ source('consents', 'decisions') }}
),

-- One decision that arrived with two answers: nobody can say which is true, so it is a refusal.
weighed as (
    select
        *,
        min(case when is_granted then 1 else 0 end) over (partition by decision_id) = 1 as is_granted_throughout
    from source
),

renamed as (
    select
        -- ids
        'consents:' || decision_id as consent_id,
        'consents' as source_name,
        'consents:subject:' || subject_id as record_id,

        -- strings
        lower(trim(purpose)) as purpose,
        lower(trim(recipient)) as recipient,

        -- booleans
        is_granted_throughout as is_granted,

        -- timestamps
        decided_at
    from weighed
    where _is_current
)

select * from renamed
