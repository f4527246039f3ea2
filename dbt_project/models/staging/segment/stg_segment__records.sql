with

source as (
    select *
    from {{ source('segment', 'calls') }}
    where _is_current
),

-- A user is first known by the earliest call of whatever kind, which says nothing about them.
users as (
    select
        'segment:user:' || user_id as record_id,
        user_id as web_user_id,
        {{ unknown('records', [
            'email', 'email_normalised', 'phone_normalised', 'first_name', 'last_name', 'first_name_folded',
            'last_name_folded', 'country_code'
        ]) }},
        min(occurred_at) as updated_at
    from source
    where user_id is not null
    group by user_id
),

-- Whoever uses the app without signing in is known by its installation alone, which may turn out to be somebody's.
devices as (
    select
        {{ device_record_id('segment', 'anonymous_id') }} as record_id,
        {{ unknown('records', [
            'web_user_id', 'email', 'email_normalised', 'phone_normalised', 'first_name', 'last_name',
            'first_name_folded', 'last_name_folded', 'country_code'
        ]) }},
        min(occurred_at) as updated_at
    from source
    where user_id is null and anonymous_id is not null
    group by anonymous_id
),

identifications as (
    select
        'segment:user:' || user_id as record_id,
        user_id as web_user_id,
        email,
        email_normalised,
        phone_normalised,
        first_name,
        last_name,
        first_name_folded,
        last_name_folded,
        country_code,
        occurred_at as updated_at
    from source
    where type = 'identify' and user_id is not null
),

unioned as (
    select * from users
    union all
    select * from devices
    union all
    select * from identifications
),

renamed as (
    select
        -- ids
        record_id,
        'segment' as source_name,

        -- identifiers
        email,
        email_normalised,
        phone_normalised,
        web_user_id,

        -- strings
        first_name,
        last_name,
        first_name_folded,
        last_name_folded,
        country_code,

        -- what this source does not tell
        {{ unknown('records', ['loyalty_number', 'street', 'city', 'postal_code', 'birth_date']) }},

        -- timestamps
        updated_at
    from unioned
)

select * from renamed
