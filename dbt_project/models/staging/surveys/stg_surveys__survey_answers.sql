with

source as (
    select *
    from {{ source('surveys', 'responses') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'surveys:' || response_id as response_id,
        'surveys' as source_name,
        'surveys:response:' || response_id as record_id,
        survey_id,
        case when order_id like 'R%' then 'pos:' || order_id else 'web_shop:' || order_id end as order_id,

        -- numerics
        nps,

        -- timestamps
        submitted_at as answered_at
    from source
)

select * from renamed
