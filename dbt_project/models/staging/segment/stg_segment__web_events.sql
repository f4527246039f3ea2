with

source as (
    select *
    from {{ source('segment', 'calls') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'segment:' || message_id as event_id,
        'segment' as source_name,
        case
            when user_id is not null then 'segment:user:' || user_id
            else {{ device_record_id('segment', 'anonymous_id') }}
        end as record_id,
        product_id,

        -- strings
        case
            when type in ('page', 'screen') then 'page_view'
            when event = 'Product Viewed' then 'product_view'
            when event = 'Product Added' then 'add_to_basket'
            when event = 'Products Searched' then 'search'
            when event = 'Signed In' then 'sign_in'
            when event = 'Order Completed' then 'purchase'
            else replace(lower(trim(event)), ' ', '_')
        end as event_name,

        -- timestamps
        occurred_at
    from source
    where type in ('track', 'page', 'screen')
)

select * from renamed
