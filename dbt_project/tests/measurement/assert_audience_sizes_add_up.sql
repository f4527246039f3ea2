-- Everybody an audience found is counted for one reason, and nobody is exported who is not eligible.
select
    audience_name,
    destination_name,
    as_of_date
from {{ ref('rpt_audience_sizes') }}
where
    matched_count <> no_consent_count + no_identifier_count + eligible_count
    or exported_count + held_out_count > eligible_count
