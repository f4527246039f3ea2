with

source as (
    select *
    from {{ source('loyalty', 'members') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'loyalty:' || loyalty_number as membership_id,
        'loyalty' as source_name,
        'loyalty:member:' || loyalty_number as record_id,
        loyalty_number,

        -- strings
        tier,

        -- numerics
        points_balance,

        -- timestamps
        joined_at,
        updated_at
    from source
)

select * from renamed
