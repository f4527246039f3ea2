{% set columns = {
    'email': 'email_normalised',
    'phone': 'phone_normalised',
    'loyalty_number': 'loyalty_number',
    'web_user_id': 'web_user_id',
} %}

with

records as (
    select * from {{ ref('int_identity__records') }}
),

identifiers as (
    {% for identifier_type, column in columns.items() %}
        select
            record_id,
            '{{ identifier_type }}' as identifier_type,
            trim({{ column }}) as identifier_value
        from records
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
),

-- An empty value is shared by everybody who left the field empty: it identifies nobody.
usable as (
    select *
    from identifiers
    where identifier_value <> ''
)

select * from usable
