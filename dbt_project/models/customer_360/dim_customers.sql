{%- set attributes = ['first_name', 'last_name', 'email', 'phone', 'postal_code', 'country_code'] -%}

with

records as (
    select * from {{ ref('int_identity__records') }}
),

identities as (
    select * from {{ ref('dim_identities') }}
),

devices as (
    select * from {{ ref('int_identity__devices') }}
),

records_of_customers as (
    select
        identities.customer_id,
        records.record_id,
        records.first_name,
        records.last_name,
        records.email_normalised as email,
        records.phone_normalised as phone,
        records.postal_code,
        records.country_code,
        devices.record_id is not null as is_device,
        records.updated_at
    from identities
    inner join records on identities.record_id = records.record_id
    left join devices on identities.record_id = devices.record_id
),

-- Rank 1 of an attribute is its newest known value; records of the same moment are told apart by their id.
ranked_records as (
    select
        *,
        {% for attribute in attributes %}
            row_number() over (
                partition by customer_id
                order by case when {{ attribute }} is null then 1 else 0 end asc, updated_at desc, record_id asc
            ) as {{ attribute }}_rank{% if not loop.last %},{% endif %}
        {% endfor %}
    from records_of_customers
),

customers as (
    select
        customer_id,
        {% for attribute in attributes %}
            max(case when {{ attribute }}_rank = 1 then {{ attribute }} end)
                as {{ attribute }},
        {% endfor %}
        count(case when not is_device then 1 end) = 0 as is_anonymous
    from ranked_records
    group by customer_id
)

select * from customers
