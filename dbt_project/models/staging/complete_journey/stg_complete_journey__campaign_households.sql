with

source as (
    select * from {{ source('complete_journey', 'campaigns') }}
),

renamed as (
    select
        -- ids
        campaign_id,
        'complete_journey:household:' || household_id as record_id
    from source
)

select * from renamed
