{#- The day the run speaks about, as a date. Exclusive: the run sees what happened before it began (UTC). -#}
{% macro as_of() -%}
    cast('{{ run_setting("as_of", "1970-01-01") }}' as date)
{%- endmacro %}
