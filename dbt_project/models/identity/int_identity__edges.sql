with

identifiers as (
    select *
    from {{ ref('int_identity__identifiers') }}
    where identifier_type in {{ identifier_types(joins='people') }}
),

-- A star around the first record that holds the value: n records give n - 1 edges, and the same customers as all pairs.
stars as (
    select
        min(record_id) over (partition by identifier_type, identifier_value) as left_record_id,
        record_id as right_record_id,
        identifier_type as rule,
        identifier_value
    from identifiers
),

edges as (
    select *
    from stars
    where left_record_id <> right_record_id
)

select * from edges
