-- Amounts of a customer are added up and compared: that needs one currency, until there is a rate table.
select customer_id
from {{ ref('int_purchases__daily') }}
group by customer_id
having count(distinct currency_code) > 1
