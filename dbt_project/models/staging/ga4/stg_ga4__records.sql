with

source as (
    select *
    from {{ source('ga4', 'events') }}
    where _is_current
),

renamed as (
    select
        -- ids
        'ga4:user:' || user_id as record_id,
        'ga4' as source_name,

        -- identifiers
        user_id as web_user_id,

        -- what this source does not tell
        {{ unknown('records', [
            'email', 'email_normalised', 'phone_normalised', 'loyalty_number', 'first_name', 'last_name',
            'first_name_folded', 'last_name_folded', 'street', 'city', 'postal_code', 'country_code', 'birth_date'
        ]) }},

        -- timestamps
        min(event_timestamp) as updated_at
    from source
    where user_id is not null
    group by user_id
)

select * from renamed
