with

source as (
    select * from {{ source('complete_journey', 'coupon_redemptions') }}
),

renamed as (
    select
        -- ids
        campaign_id,
        coupon_upc as coupon_id,
        'complete_journey:household:' || household_id as record_id,

        -- dates
        redemption_date as redeemed_date
    from source
)

select * from renamed
