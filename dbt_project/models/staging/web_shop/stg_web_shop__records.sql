with

accounts as (
    select *
    from {{ source('web_shop', 'accounts') }}
    where _is_current
),

orders as (
    select *
    from {{ source('web_shop', 'orders') }}
    where _is_current
),

account_versions as (
    select
        'web_shop:account:' || account_id as record_id,
        email,
        email_normalised,
        phone_normalised,
        account_id as web_user_id,
        first_name,
        last_name,
        first_name_folded,
        last_name_folded,
        postal_code,
        country_code,
        updated_at
    from accounts
),

guest_orders as (
    select
        'web_shop:order:' || order_id as record_id,
        email,
        email_normalised,
        phone_normalised,
        cast(null as {{ type_string() }}) as web_user_id,
        first_name,
        last_name,
        first_name_folded,
        last_name_folded,
        postal_code,
        country_code,
        ordered_at as updated_at
    from orders
    where account_id is null
),

-- Accounts that ordered but whose own row is missing or in quarantine: their orders still belong to somebody.
unlisted_accounts as (
    select
        'web_shop:account:' || orders.account_id as record_id,
        {{ unknown('records', ['email', 'email_normalised', 'phone_normalised']) }},
        orders.account_id as web_user_id,
        {{ unknown('records', [
            'first_name', 'last_name', 'first_name_folded', 'last_name_folded', 'postal_code', 'country_code'
        ]) }},
        min(orders.ordered_at) as updated_at
    from orders
    left join accounts on orders.account_id = accounts.account_id
    where orders.account_id is not null and accounts.account_id is null
    group by orders.account_id
),

unioned as (
    select * from account_versions
    union all
    select * from guest_orders
    union all
    select * from unlisted_accounts
),

renamed as (
    select
        -- ids
        record_id,
        'web_shop' as source_name,

        -- identifiers
        email,
        email_normalised,
        phone_normalised,
        web_user_id,

        -- strings
        first_name,
        last_name,
        first_name_folded,
        last_name_folded,
        postal_code,
        country_code,

        -- what this source does not tell
        {{ unknown('records', ['loyalty_number', 'street', 'city', 'birth_date']) }},

        -- timestamps
        updated_at
    from unioned
)

select * from renamed
