with

records as (
    select * from {{ ref('int_identity__records') }}
),

identifiers as (
    select * from {{ ref('int_identity__identifiers') }}
),

held_types as (
    select
        record_id,
        count(case when identifier_type not in {{ identifier_types(joins='anonymous') }} then 1 end) as of_people_count
    from identifiers
    group by record_id
),

devices as (
    select records.record_id
    from records
    inner join held_types on records.record_id = held_types.record_id
    where
        held_types.of_people_count = 0
        and records.first_name is null
        and records.last_name is null
)

select * from devices
