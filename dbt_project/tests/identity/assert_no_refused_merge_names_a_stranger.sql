-- What was refused speaks of records that are there.
select refused_merges.left_record_id
from {{ source('pipeline', 'identity_refused_merges') }} as refused_merges
left join {{ ref('rpt_identity__refused_merges') }} as shown
    on
        refused_merges.left_record_id = shown.left_record_id
        and refused_merges.right_record_id = shown.right_record_id
        and refused_merges.rule = shown.rule
where shown.left_record_id is null
