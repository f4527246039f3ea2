{#-
    Every row of one feed (see `feed_columns`) over the active sources, or no row, typed, when none feeds it.
    The body of a CTE:  records as ( {{ union_feed('records') }} )
-#}
{% macro union_feed(feed) -%}
    {%- for source in run_setting('feeds', {}).get(feed, []) %}
    {%- if not loop.first %}
    union all
    {% endif %}
    select {{ feed_columns(feed) | join(', ') }}
    from {{ ref('stg_' ~ source ~ '__' ~ feed) }}
    {%- else %}
    {{ no_rows(feed) }}
    {%- endfor %}
{%- endmacro %}

{#- The columns of a feed, typed, and no row. -#}
{% macro no_rows(feed) -%}
    select
        {{ unknown(feed, feed_columns(feed)) }}
    where 1 = 0
{%- endmacro %}

{#- Columns of a feed that a source says nothing about: NULL, typed. -#}
{% macro unknown(feed, columns) -%}
    {%- for column in columns %}
    cast(null as {{ feed_columns(feed)[column] }}) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
