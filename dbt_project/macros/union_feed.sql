{#-
    Every row of one feed (see `feed_columns`) over the active sources, or no row, typed, when none feeds it.
    The body of a CTE:  records as ( {{ union_feed('records') }} )
-#}
{% macro union_feed(feed) -%}
    {%- set columns = feed_columns(feed) -%}
    {%- set sources = run_setting('feeds', {}).get(feed, []) -%}
    {%- for source in sources %}
    {%- if not loop.first %}
    union all
    {% endif %}
    select {{ columns | join(', ') }}
    from {{ ref('stg_' ~ source ~ '__' ~ feed) }}
    {%- else %}
    select
        {%- for column, type in columns.items() %}
        cast(null as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    where 1 = 0
    {%- endfor %}
{%- endmacro %}
