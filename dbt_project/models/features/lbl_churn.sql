with

active_customers as (
    select * from {{ ref('int_customers__active_at_cutoffs') }}
),

purchases as (
    select * from {{ ref('int_purchases__daily') }}
),

-- The answer is known only of cut-offs whose 90 days lie behind the run.
observed_customers as (
    select *
    from active_customers
    where as_of_date <= {{ dateadd('day', -90, as_of()) }}
),

returning_customers as (
    select distinct
        observed_customers.customer_id,
        observed_customers.as_of_date
    from observed_customers
    inner join purchases
        on
            observed_customers.customer_id = purchases.customer_id
            and observed_customers.as_of_date <= purchases.order_date
            and {{ dateadd('day', 90, 'observed_customers.as_of_date') }} > purchases.order_date
    where purchases.has_sale
),

labels as (
    select
        observed_customers.customer_id,
        returning_customers.customer_id is null as is_churned,
        observed_customers.as_of_date
    from observed_customers
    left join returning_customers
        on
            observed_customers.customer_id = returning_customers.customer_id
            and observed_customers.as_of_date = returning_customers.as_of_date
)

select * from labels
