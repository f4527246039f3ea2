-- Every feature table has exactly the customers that are active at a cut-off, so that joining them loses nobody.
{% for features in ['ftr_customers__rfm', 'ftr_customers__engagement'] %}
    select
        '{{ features }}' as feature_table,
        coalesce(active.customer_id, features.customer_id) as customer_id,
        coalesce(active.as_of_date, features.as_of_date) as as_of_date
    from {{ ref('int_customers__active_at_cutoffs') }} as active
    full outer join {{ ref(features) }} as features
        on active.customer_id = features.customer_id and active.as_of_date = features.as_of_date
    where active.customer_id is null or features.customer_id is null
    {% if not loop.last %}union all{% endif %}
{% endfor %}
