with

source as (
    select * from {{ source('complete_journey', 'demographics') }}
),

renamed as (
    select
        -- ids
        'complete_journey:household:' || household_id as record_id,

        -- strings
        age as age_band,
        income as income_band,
        home_ownership,
        marital_status,
        household_size as household_size_band,
        household_comp as household_composition,
        kids_count as kids_count_band
    from source
)

select * from renamed
