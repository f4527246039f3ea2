with

source as (
    select *
    from {{ source('ga4', 'events') }}
    where _is_current
),

users as (
    select
        'ga4:user:' || user_id as record_id,
        user_id as web_user_id,
        min(event_timestamp) as updated_at
    from source
    where user_id is not null
    group by user_id
),

-- Whoever visits without signing in is known by the device alone, which may turn out to be somebody's.
devices as (
    select
        {{ device_record_id('ga4', 'user_pseudo_id') }} as record_id,
        {{ unknown('records', ['web_user_id']) }},
        min(event_timestamp) as updated_at
    from source
    where user_id is null
    group by user_pseudo_id
),

unioned as (
    select * from users
    union all
    select * from devices
),

renamed as (
    select
        -- ids
        record_id,
        'ga4' as source_name,

        -- identifiers
        web_user_id,

        -- what this source does not tell
        {{ unknown('records', [
            'email', 'email_normalised', 'phone_normalised', 'loyalty_number', 'first_name', 'last_name',
            'first_name_folded', 'last_name_folded', 'street', 'city', 'postal_code', 'country_code', 'birth_date'
        ]) }},

        -- timestamps
        updated_at
    from unioned
)

select * from renamed
