{#- An event's key names the visitor's device, which an id must not. -#}
{% set key -%}
    user_pseudo_id
    || '|' || cast(event_timestamp as {{ type_string() }})
    || '|' || event_name
    || '|' || coalesce(cast(event_bundle_sequence_id as {{ type_string() }}), '')
    || '|' || coalesce(cast(batch_event_index as {{ type_string() }}), '')
{%- endset %}

with

source as (
    select *
    from {{ source('ga4', 'events') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'ga4:' || {{ hash(key) }} as event_id,
        'ga4' as source_name,
        case
            when user_id is not null then 'ga4:user:' || user_id
            else {{ device_record_id('ga4', 'user_pseudo_id') }}
        end as record_id,
        case
            when {{ json_value('items', '$[1].item_id') }} is null then {{ json_value('items', '$[0].item_id') }}
        end as product_id,

        -- strings
        case event_name
            when 'view_item' then 'product_view'
            when 'add_to_cart' then 'add_to_basket'
            when 'view_search_results' then 'search'
            when 'login' then 'sign_in'
            else event_name
        end as event_name,

        -- timestamps
        event_timestamp as occurred_at
    from source
)

select * from renamed
