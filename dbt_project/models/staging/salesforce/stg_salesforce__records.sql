with

source as (
    select *
    from {{ source('salesforce', 'contacts') }}
    where _is_current
),

deletions as (
    select
        id,
        max(last_modified_at) as deleted_at
    from source
    where is_deleted
    group by id
),

-- What a contact said up to its deletion no longer counts; a contact taken out of the recycle bin speaks again.
living as (
    select source.*
    from source
    left join deletions on source.id = deletions.id
    where deletions.id is null or source.last_modified_at > deletions.deleted_at
),

renamed as (
    select
        -- ids
        'salesforce:contact:' || id as record_id,
        'salesforce' as source_name,

        -- identifiers
        email,
        email_normalised,
        phone_normalised,
        loyalty_number,

        -- strings
        first_name,
        last_name,
        first_name_folded,
        last_name_folded,
        street_normalised as street,
        city_normalised as city,
        postal_code,
        country_code,

        -- dates
        birth_date,

        -- what this source does not tell
        {{ unknown('records', ['web_user_id']) }},

        -- timestamps
        last_modified_at as updated_at
    from living
)

select * from renamed
