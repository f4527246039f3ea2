with

audience_members as (
    select * from {{ source('pipeline', 'audience_members') }}
),

export_results as (
    select * from {{ source('pipeline', 'export_results') }}
),

-- What left counts before what was meant to: a result is shown even where the audience says the customer is held out.
results as (
    select
        -- ids
        audience_members.customer_id,

        -- strings
        audience_members.destination_name,
        audience_members.audience_name,
        coalesce(
            export_results.status,
            case when audience_members.status = 'member' then 'not_sent' else audience_members.status end
        ) as status,
        coalesce(
            export_results.reason,
            case when audience_members.status = 'member' then 'not_in_export' else audience_members.reason end
        ) as reason,
        export_results.batch_file,

        -- dates
        audience_members.as_of_date
    from audience_members
    left join export_results
        on
            audience_members.destination_name = export_results.destination_name
            and audience_members.audience_name = export_results.audience_name
            and audience_members.customer_id = export_results.customer_id
            and audience_members.as_of_date = export_results.as_of_date
)

select * from results
