{#-
    The days from which features look back: the day of the run and four days before it, 90 days apart.
    The body of a CTE with the one column as_of_date:  cutoffs as ( {{ cutoff_dates() }} )
-#}
{% macro cutoff_dates() -%}
    {%- for days_before in [0, 90, 180, 270, 360] %}
    select cast({{ dateadd('day', -days_before, as_of()) }} as date) as as_of_date
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
