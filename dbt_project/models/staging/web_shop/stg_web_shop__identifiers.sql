with

source as (
    select *
    from {{ source('web_shop', 'orders') }}
    where _is_current
),

renamed as (
    select
        -- ids
        case
            when account_id is not null then 'web_shop:account:' || account_id
            else 'web_shop:order:' || order_id
        end as record_id,
        'web_shop' as source_name,

        -- strings
        'order_id' as identifier_type,
        'web_shop:' || order_id as identifier_value,

        -- timestamps
        ordered_at as first_seen_at,
        ordered_at as last_seen_at
    from source
)

select * from renamed
