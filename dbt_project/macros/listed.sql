{#- The distinct values of an aggregated column as one text, sorted and separated by commas. -#}
{% macro listed(column) -%}
    {{ return(adapter.dispatch('listed', 'c360')(column)) }}
{%- endmacro %}

{% macro default__listed(column) -%}
    string_agg(distinct {{ column }}, ',' order by {{ column }})
{%- endmacro %}

{% macro spark__listed(column) -%}
    array_join(array_sort(collect_set({{ column }})), ',')
{%- endmacro %}
