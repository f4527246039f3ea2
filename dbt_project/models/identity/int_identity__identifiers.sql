with

records as (
    select * from {{ ref('int_identity__records') }}
),

versions as (
    select * from {{ ref('int_identity__record_versions') }}
),

sightings as (
    {{ union_feed('identifiers') }}
),

-- A record holds what its latest version says, since the first version that said so.
held as (
    {% for type, rule in identifier_rules().items() if rule.column %}
        select
            records.record_id,
            '{{ type }}' as identifier_type,
            trim(records.{{ rule.column }}) as identifier_value,
            versions.updated_at as first_seen_at,
            versions.updated_at as last_seen_at
        from records
        inner join versions
            on records.record_id = versions.record_id and records.{{ rule.column }} = versions.{{ rule.column }}
        union all
    {% endfor %}
    -- A record of today is there for its refusal, and whatever tells whose it is must be heard with it.
    select
        sightings.record_id,
        sightings.identifier_type,
        trim(sightings.identifier_value) as identifier_value,
        coalesce(sightings.first_seen_at, sightings.last_seen_at) as first_seen_at,
        sightings.last_seen_at
    from sightings
    inner join records on sightings.record_id = records.record_id
    where
        sightings.identifier_type in {{ identifier_types() }}
        and (
            coalesce(sightings.first_seen_at, sightings.last_seen_at) < {{ as_of() }}
            or records.updated_at >= {{ as_of() }}
        )
),

-- An empty value is shared by everybody who left the field empty: it identifies nobody.
identifiers as (
    select
        -- ids
        record_id,

        -- strings
        identifier_type,
        identifier_value,

        -- timestamps
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from held
    where identifier_value <> ''
    group by record_id, identifier_type, identifier_value
)

select * from identifiers
