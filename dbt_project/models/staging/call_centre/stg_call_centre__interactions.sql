with

source as (
    select *
    from {{ source('call_centre', 'contacts') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'call_centre:' || contact_id as interaction_id,
        'call_centre' as source_name,
        'call_centre:contact:' || contact_id as record_id,
        cast(null as {{ type_string() }}) as product_id,
        case when order_id like 'R%' then 'pos:' || order_id else 'web_shop:' || order_id end as order_id,
        cast(null as {{ type_string() }}) as store_id,

        -- strings
        'call_centre' as channel,
        direction || '_' || medium as interaction_kind,
        topic,

        -- numerics
        duration_seconds,

        -- booleans
        is_resolved,

        -- timestamps
        started_at as occurred_at
    from source
)

select * from renamed
