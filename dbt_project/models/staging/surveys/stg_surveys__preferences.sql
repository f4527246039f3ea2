with

source as (
    select *
    from {{ source('surveys', 'responses') }}
    where _is_current
),

entries as (
    {{ json_object_rows('source', ['response_id', 'submitted_at'], 'preferences') }}
),

declared as (
    select
        response_id,
        submitted_at,
        entry_key as preference_name,
        {{ json_members('entry_value') }} as preference_value
    from entries
),

renamed as (
    select distinct
        -- ids
        'surveys:' || response_id || ':' || preference_name || ':' || preference_value as preference_id,
        'surveys' as source_name,
        'surveys:response:' || response_id as record_id,

        -- strings
        preference_name,
        preference_value,

        -- timestamps
        submitted_at as declared_at
    from declared
    where preference_value is not null
)

select * from renamed
