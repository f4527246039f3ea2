with

source as (
    select *
    from {{ source('ads', 'costs') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'ads:' || platform || ':' || campaign_id || ':' || cast(day as {{ type_string() }}) as ad_cost_id,
        'ads' as source_name,
        campaign_id,

        -- strings
        platform,
        campaign_name,
        currency_code,

        -- numerics
        impressions as impression_count,
        clicks as click_count,
        cost as cost_amount,

        -- dates
        day as cost_date
    from source
)

select * from renamed
