with

invoice_lines as (
    select * from {{ ref('stg_online_retail__invoice_lines') }}
),

-- The file does not number its lines. Their content orders them, so the number is the same whatever file they came in.
numbered as (
    select
        *,
        row_number() over (
            partition by invoice_id
            order by product_id, ordered_at, quantity, unit_price_amount, coalesce(description, '')
        ) as line_number
    from invoice_lines
),

renamed as (
    select
        -- ids
        'online_retail:' || invoice_id || ':' || cast(line_number as {{ type_string() }}) as order_line_id,
        'online_retail:' || invoice_id as order_id,
        'online_retail' as source_name,
        'online_retail:customer:' || customer_number as record_id,
        product_id,

        -- strings
        'web' as channel,
        case
            when product_id in ('POST', 'DOT', 'C2', 'BANK CHARGES', 'AMAZONFEE', 'CRUK') then 'fee'
            when product_id in ('M', 'D', 'S', 'PADS') then 'fee'
            when product_id like 'ADJUST%' or product_id like 'GIFT%' then 'fee'
            when is_credit_note then 'return'
            else 'sale'
        end as line_kind,
        cast(null as {{ type_string() }}) as category,
        'GBP' as currency_code,

        -- numerics
        quantity,
        line_amount,

        -- timestamps
        ordered_at
    from numbered
)

select * from renamed
