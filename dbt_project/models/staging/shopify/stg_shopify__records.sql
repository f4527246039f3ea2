with

customers as (
    select *
    from {{ source('shopify', 'customers') }}
    where _is_current
),

orders as (
    select *
    from {{ source('shopify', 'orders') }}
    where _is_current
),

customer_versions as (
    select
        'shopify:customer:' || id as record_id,
        email,
        email_normalised,
        phone_normalised,
        first_name,
        last_name,
        first_name_folded,
        last_name_folded,
        street_normalised as street,
        city_normalised as city,
        postal_code,
        country_code,
        updated_at
    from customers
),

guest_orders as (
    select
        'shopify:order:' || id as record_id,
        email,
        email_normalised,
        phone_normalised,
        {{ unknown('records', [
            'first_name', 'last_name', 'first_name_folded', 'last_name_folded', 'street', 'city', 'postal_code'
        ]) }},
        country_code,
        created_at as updated_at
    from orders
    where customer_id is null and (email_normalised is not null or phone_normalised is not null)
),

-- Customers who ordered but whose own row is missing or in quarantine: their orders still belong to somebody.
unlisted_customers as (
    select
        'shopify:customer:' || orders.customer_id as record_id,
        {{ unknown('records', [
            'email', 'email_normalised', 'phone_normalised', 'first_name', 'last_name', 'first_name_folded',
            'last_name_folded', 'street', 'city', 'postal_code', 'country_code'
        ]) }},
        min(orders.created_at) as updated_at
    from orders
    left join customers on orders.customer_id = customers.id
    where orders.customer_id is not null and customers.id is null
    group by orders.customer_id
),

unioned as (
    select * from customer_versions
    union all
    select * from guest_orders
    union all
    select * from unlisted_customers
),

renamed as (
    select
        -- ids
        record_id,
        'shopify' as source_name,

        -- identifiers
        email,
        email_normalised,
        phone_normalised,

        -- strings
        first_name,
        last_name,
        first_name_folded,
        last_name_folded,
        street,
        city,
        postal_code,
        country_code,

        -- what this source does not tell
        {{ unknown('records', ['loyalty_number', 'web_user_id', 'birth_date']) }},

        -- timestamps
        updated_at
    from unioned
)

select * from renamed
