with

source as (
    select *
    from {{ source('segment', 'calls') }}
    where _is_current
),

-- A run sees whole days, so a day is as fine as a sighting needs to be.
days as (
    select
        user_id,
        anonymous_id,
        advertising_id,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at
    from source
    group by user_id, anonymous_id, advertising_id, cast(occurred_at as date)
),

records as (
    select
        case
            when user_id is not null then 'segment:user:' || user_id
            else {{ device_record_id('segment', 'anonymous_id') }}
        end as record_id,
        *
    from days
),

sightings as (
    select
        record_id,
        'device_id' as identifier_type,
        {{ device_id('segment', 'anonymous_id') }} as identifier_value,
        first_seen_at,
        last_seen_at
    from records
    union all
    select
        record_id,
        'advertising_id' as identifier_type,
        {{ advertising_id('advertising_id') }} as identifier_value,
        first_seen_at,
        last_seen_at
    from records
),

renamed as (
    select
        -- ids
        record_id,
        'segment' as source_name,

        -- strings
        identifier_type,
        identifier_value,

        -- timestamps
        first_seen_at,
        last_seen_at
    from sightings
    where record_id is not null and identifier_value is not null
)

select * from renamed
