-- A customer one of whose records stands refused must not come out as granted, for that purpose and recipient.
select consents.customer_id
from {{ ref('customer_consents') }} as consents
inner join {{ ref('dim_identities') }} as identities on consents.customer_id = identities.customer_id
inner join {{ ref('int_privacy__decisions') }} as decisions
    on
        identities.record_id = decisions.record_id
        and consents.purpose = decisions.purpose
        and consents.recipient = decisions.recipient
where consents.is_granted and not decisions.is_granted
