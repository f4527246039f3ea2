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
        case survey_id
            when 'apres_achat_web' then 'web_shop:' || order_id
            when 'apres_achat_magasin' then 'pos:' || order_id
        end as order_id,

        -- numerics
        nps,

        -- timestamps
        submitted_at as answered_at
    from source
)

select * from renamed
