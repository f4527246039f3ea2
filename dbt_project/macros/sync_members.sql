{#- What a customer must have agreed to, each for the platform itself, before an ad platform learns of them. -#}
{% macro ad_purposes() -%}
    {%- do return(['ad_user_data', 'ad_personalization']) -%}
{%- endmacro %}

{#-
    The members of the run's day to send to one ad platform, with the identifiers it matches people by.
    Fails closed: a member of whom a single purpose is unanswered or refused for this platform is not there.
-#}
{% macro sync_members(destination_name) -%}
with

audience_members as (
    select * from {{ source('pipeline', 'audience_members') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

consents as (
    select * from {{ ref('customer_consents') }}
),

destination_members as (
    select
        audience_name,
        customer_id
    from audience_members
    where
        destination_name = '{{ destination_name }}'
        and status = 'member'
        and as_of_date = {{ as_of() }}
),

consenting_customers as (
    select customer_id
    from consents
    where
        recipient = '{{ destination_name }}'
        and purpose in ('{{ ad_purposes() | join("', '") }}')
        and is_granted
    group by customer_id
    having count(distinct purpose) = {{ ad_purposes() | length }}
),

members_to_send as (
    select
        destination_members.audience_name,
        destination_members.customer_id,
        customers.email,
        customers.phone,
        customers.first_name,
        customers.last_name,
        customers.postal_code,
        customers.country_code
    from destination_members
    inner join consenting_customers on destination_members.customer_id = consenting_customers.customer_id
    inner join customers on destination_members.customer_id = customers.customer_id
)

select * from members_to_send
{%- endmacro %}
