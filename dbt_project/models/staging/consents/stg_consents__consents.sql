with

source as (
    select * from {{ source('consents', 'decisions') }}
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
        is_granted,

        -- timestamps
        decided_at
    from source
)

select * from renamed
