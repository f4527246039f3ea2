with

source as (
    select *
    from {{ source('ads', 'clicks') }}
    where _is_current
),

renamed as (
    select
        -- ids
        click_id,
        'ads' as source_name,
        cast(null as {{ type_string() }}) as record_id,
        {{ device_id('ga4', 'user_pseudo_id') }} as device_id,
        campaign_id,

        -- strings
        platform,
        click_id_kind,

        -- timestamps
        clicked_at
    from source
)

select * from renamed
