with

versions as (
    {{ union_feed('records') }}
),

consents as (
    {{ union_feed('consents') }}
),

refusals as (
    select distinct record_id
    from consents
    where not is_granted
),

-- A refusal is heard however recent it is, so the run must know whose it is.
known as (
    select versions.*
    from versions
    left join refusals on versions.record_id = refusals.record_id
    where versions.updated_at < {{ as_of() }} or refusals.record_id is not null
)

select * from known
