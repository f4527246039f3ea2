with

source as (
    select * from {{ source('online_retail', 'invoice_lines') }}
),

renamed as (
    select
        -- ids
        invoice as invoice_id,
        -- A workbook read as numbers writes customer 12345 as 12345.0.
        {{ split_part('customer_id', "'.'", 1) }} as customer_number,
        upper(trim(stock_code)) as product_id,

        -- strings
        nullif(description, 'nan') as description,
        country as country_name,

        -- numerics
        quantity,
        price as unit_price_amount,
        cast(quantity * price as {{ type_money() }}) as line_amount,

        -- booleans
        invoice like 'C%' as is_credit_note,

        -- timestamps
        {{ dateadd('week', 316, 'invoice_date') }} as ordered_at
    from source
)

select * from renamed
