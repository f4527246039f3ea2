with

source as (
    select * from {{ source('complete_journey', 'campaign_descriptions') }}
),

renamed as (
    select
        -- ids
        campaign_id,

        -- strings
        campaign_type,

        -- dates
        start_date as started_date,
        end_date as ended_date
    from source
)

select * from renamed
