with

versions as (
    select * from {{ ref('int_identity__record_versions') }}
),

-- Versions of the same instant are ordered by what they say, the fuller first, never by arrival.
ranked as (
    select
        *,
        row_number() over (
            partition by record_id
            order by
                updated_at desc,
                email_normalised desc nulls last,
                phone_normalised desc nulls last,
                loyalty_number desc nulls last,
                web_user_id desc nulls last,
                last_name desc nulls last,
                first_name desc nulls last,
                postal_code desc nulls last,
                country_code desc nulls last,
                street desc nulls last,
                city desc nulls last,
                birth_date desc nulls last,
                email desc nulls last
        ) as version_rank
    from versions
),

latest as (
    select
        -- ids
        record_id,
        source_name,

        -- identifiers
        email,
        email_normalised,
        phone_normalised,
        loyalty_number,
        web_user_id,

        -- strings
        first_name,
        last_name,
        first_name_folded,
        last_name_folded,
        street,
        city,
        postal_code,
        country_code,

        -- dates
        birth_date,

        -- timestamps
        updated_at
    from ranked
    where version_rank = 1
)

select * from latest
