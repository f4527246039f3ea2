-- Whom a refusal may be of comes out as granted only when one of their own records granted after it.
select consents.customer_id
from {{ ref('customer_consents') }} as consents
inner join {{ ref('int_privacy__shared_refusals') }} as refusals
    on
        consents.customer_id = refusals.customer_id
        and consents.purpose = refusals.purpose
        and consents.recipient = refusals.recipient
where consents.is_granted and consents.decided_at <= refusals.refused_at
