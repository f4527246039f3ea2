with

source as (
    select * from {{ source('complete_journey', 'products') }}
),

renamed as (
    select
        -- ids
        product_id,
        manufacturer_id,

        -- strings
        department,
        product_category as category,
        product_type,
        brand,
        package_size,

        -- booleans
        department = 'COUPON' as is_coupon,
        coalesce(product_type like '%GIFT CARD%', false) as is_gift_card,
        coalesce(product_type like 'GASOLINE%', false) as is_fuel
    from source
)

select * from renamed
