with

source as (
    select *
    from {{ source('store_visits', 'visits') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'store_visits:' || visit_id as interaction_id,
        'store_visits' as source_name,
        'loyalty:member:' || loyalty_number as record_id,
        cast(null as {{ type_string() }}) as product_id,
        cast(null as {{ type_string() }}) as order_id,
        store_id,

        -- strings
        'store' as channel,
        'visit' as interaction_kind,
        cast(null as {{ type_string() }}) as topic,

        -- numerics
        dwell_seconds as duration_seconds,

        -- booleans
        cast(null as {{ type_boolean() }}) as is_resolved,

        -- timestamps
        entered_at as occurred_at
    from source
)

select * from renamed
