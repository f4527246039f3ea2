with

source as (
    select *
    from {{ source('products', 'products') }}
    where _is_current
),

renamed as (
    select
        -- ids
        id as product_id,
        'products' as source_name,

        -- strings
        title,
        product_type as category,
        brand,
        currency_code,

        -- numerics
        price as price_amount,
        cost as cost_amount,

        -- booleans
        availability <> 'out_of_stock' as is_available,

        -- timestamps
        updated_at
    from source
)

select * from renamed
