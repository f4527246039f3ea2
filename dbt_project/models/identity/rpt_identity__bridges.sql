with

bridges as (
    select * from {{ source('pipeline', 'identity_bridges') }}
),

numbered as (
    select
        -- numerics
        row_number() over (
            order by record_count desc, identifier_type asc, identifier_value asc, action asc
        ) as bridge_rank,

        -- strings
        identifier_type,
        masked_value,
        action,

        -- numerics
        people_count,
        record_count
    from bridges
)

select * from numbered
