-- Whom a platform is sent has granted that platform each ad purpose; nothing on file about it means no.
with

members as (
    select
        'google_ads' as destination_name,
        customer_id
    from {{ ref('sync_google_ads') }}
    union all
    select
        'meta' as destination_name,
        customer_id
    from {{ ref('sync_meta') }}
),

needed_purposes as (
    select 'ad_user_data' as purpose
    union all
    select 'ad_personalization' as purpose
)

select
    members.destination_name,
    members.customer_id,
    needed_purposes.purpose
from members
cross join needed_purposes
left join {{ ref('customer_consents') }} as consents
    on
        members.customer_id = consents.customer_id
        and members.destination_name = consents.recipient
        and needed_purposes.purpose = consents.purpose
where consents.is_granted is null or not consents.is_granted
